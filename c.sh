#!/bin/bash
# c.sh MODE URL SIZE SECS COUNT : C baseline with switches
B=/tmp/w/b/nngbench
$B "$@" > /tmp/w/b/c.out &
p=$!
sleep 0.6
st() { local s=0 i=0; for t in /proc/$p/task/*/status; do while read -r k v; do case $k in voluntary*) s=$((s+v));; nonvol*) i=$((i+v));; esac; done < $t; done 2>/dev/null; set -- $(sed 's/.*) //' /proc/$p/stat); echo $s $i ${12} ${13}; }
a=($(st)); t0=$(date +%s%N); sleep $(python3 -c "print($4-0.5)"); b=($(st)); t1=$(date +%s%N)
wait $p
python3 - "${a[@]}" "${b[@]}" $t0 $t1 $(cat /tmp/w/b/c.out) $1 <<'P'
import sys
a=list(map(float,sys.argv[1:12])); 
t=(a[9]-a[8])/1e9; ops=a[10]*t
print("C    %-10s %8.0f/s  switches %.2f  invol %.2f  user %.1f us sys %.1f us per op, cpu %.2f"%(sys.argv[12],a[10],(a[4]-a[0])/ops,(a[5]-a[1])/ops,(a[6]-a[2])*1e4/ops,(a[7]-a[3])*1e4/ops,((a[6]-a[2])+(a[7]-a[3]))*1e4/1e6/t))
P
