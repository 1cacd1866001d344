import org.nngjava.*;

class Consumer {
    public static void main(String[] args) {
        try (RepSocket rep = RepSocket.open(); ReqSocket req = ReqSocket.open()) {
            req.dial(rep.listen("tcp://127.0.0.1:0").url());
            req.send("hello".getBytes());
            System.out.println(new String(rep.receiveBytes()) + " by NNG " + Nng.version() + ", " + Nng.origin());
        }
    }
}
