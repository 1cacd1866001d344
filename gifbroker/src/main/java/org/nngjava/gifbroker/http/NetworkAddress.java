package org.nngjava.gifbroker.http;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/** Tells addresses of the public internet from those of this machine and of the networks around it, by IANA's special-purpose registries. */
final class NetworkAddress {
    private static final List<Block> SPECIAL = Stream.of(
                    "0.0.0.0/8",
                    "10.0.0.0/8",
                    "100.64.0.0/10",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "172.16.0.0/12",
                    "192.0.0.0/24",
                    "192.0.2.0/24",
                    "192.88.99.0/24",
                    "192.168.0.0/16",
                    "198.18.0.0/15",
                    "198.51.100.0/24",
                    "203.0.113.0/24",
                    "224.0.0.0/3",
                    "2001::/23",
                    "2001:db8::/32",
                    "2002::/16",
                    "3fff::/20")
            .map(Block::parse)
            .toList();

    /** All that is public in IPv6 is in here. */
    private static final Block GLOBAL_UNICAST = Block.parse("2000::/3");

    private NetworkAddress() {}

    static boolean isPublic(InetAddress address) {
        boolean ipv6 = address.getAddress().length > 4;
        return (!ipv6 || GLOBAL_UNICAST.contains(address))
                && SPECIAL.stream().noneMatch(block -> block.contains(address));
    }

    /** Addresses with a common beginning. */
    private record Block(int bytes, BigInteger prefix, int hostBits) {
        static Block parse(String cidr) {
            int slash = cidr.indexOf('/');
            try {
                byte[] first = InetAddress.getByName(cidr.substring(0, slash)).getAddress();
                int hostBits = first.length * 8 - Integer.parseInt(cidr.substring(slash + 1));
                return new Block(first.length, new BigInteger(1, first).shiftRight(hostBits), hostBits);
            } catch (UnknownHostException e) {
                throw new IllegalArgumentException(cidr, e);
            }
        }

        boolean contains(InetAddress address) {
            byte[] octets = address.getAddress();
            return octets.length == bytes
                    && new BigInteger(1, octets).shiftRight(hostBits).equals(prefix);
        }
    }
}
