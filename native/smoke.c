// Does the library that was just built work at all? A request and its reply on each transport, with a handshake on
// TLS, and the version that the headers promise.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <nng/nng.h>
#include <nng/protocol/reqrep0/rep.h>
#include <nng/protocol/reqrep0/req.h>
#include <nng/supplemental/tls/tls.h>

// Of localhost, signed by itself, from 2020 to 2120; for this test only.
static const char *certificate =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBYTCCAQegAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv\n"
    "c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM\n"
    "CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABFVzAroZw1Gj61BL\n"
    "xFiOHRKW84NR++ukUgMIm7R0+qidKEA5tfrpZyLgm7CepWHdiBQlckesxIwHSmrM\n"
    "xnp4/sijSDBGMBQGA1UdEQQNMAuCCWxvY2FsaG9zdDAPBgNVHRMBAf8EBTADAQH/\n"
    "MB0GA1UdDgQWBBTwOeJdCwQh8Syrzph/ILW384Le6TAKBggqhkjOPQQDAgNIADBF\n"
    "AiAFu7nW3xx3fRwuhc/3UkjvVlWxCz5NarqKhRE/l6k23wIhAIG91ZXCx/+yg+Kj\n"
    "6Nx9G+ip/sL6v/Emup/NoA/+FyU6\n"
    "-----END CERTIFICATE-----\n";
static const char *key =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg9yHrG/h9gjdgvAqn\n"
    "4AjuzdUjI6uW64WYMO+N1xEWtUKhRANCAARVcwK6GcNRo+tQS8RYjh0SlvODUfvr\n"
    "pFIDCJu0dPqonShAObX66Wci4JuwnqVh3YgUJXJHrMSMB0pqzMZ6eP7I\n"
    "-----END PRIVATE KEY-----\n";

static void
check(int rv, const char *what)
{
	if (rv != 0) {
		fprintf(stderr, "smoke: %s: %s\n", what, nng_strerror(rv));
		exit(1);
	}
}

static nng_tls_config *
tls_config(nng_tls_mode mode)
{
	nng_tls_config *config;

	check(nng_tls_config_alloc(&config, mode), "nng_tls_config_alloc");
	if (mode == NNG_TLS_MODE_SERVER) {
		check(nng_tls_config_own_cert(config, certificate, key, NULL), "own certificate");
	} else {
		check(nng_tls_config_ca_chain(config, certificate, NULL), "certificate authority");
		check(nng_tls_config_server_name(config, "localhost"), "server name");
	}
	return (config);
}

static void
use_tls(nng_listener listener, nng_dialer dialer)
{
	nng_tls_config *server = tls_config(NNG_TLS_MODE_SERVER);
	nng_tls_config *client = tls_config(NNG_TLS_MODE_CLIENT);

	check(nng_listener_set_ptr(listener, NNG_OPT_TLS_CONFIG, server), "the listener's TLS configuration");
	check(nng_dialer_set_ptr(dialer, NNG_OPT_TLS_CONFIG, client), "the dialer's TLS configuration");
	nng_tls_config_free(server);
	nng_tls_config_free(client);
}

static void
round_trip(const char *url)
{
	nng_socket   rep;
	nng_socket   req;
	nng_listener listener;
	nng_dialer   dialer;
	char         buf[16];
	size_t       len;

	check(nng_rep0_open(&rep), "nng_rep0_open");
	check(nng_req0_open(&req), "nng_req0_open");
	check(nng_socket_set_ms(rep, NNG_OPT_RECVTIMEO, 20000), "receive timeout");
	check(nng_socket_set_ms(req, NNG_OPT_RECVTIMEO, 20000), "receive timeout");
	check(nng_listener_create(&listener, rep, url), url);
	check(nng_dialer_create(&dialer, req, url), url);
	if (strncmp(url, "tls", 3) == 0 || strncmp(url, "wss", 3) == 0) {
		use_tls(listener, dialer);
	}
	check(nng_listener_start(listener, 0), url);
	check(nng_dialer_start(dialer, 0), url);

	check(nng_send(req, "ping", 4, 0), "send the request");
	len = sizeof(buf);
	check(nng_recv(rep, buf, &len, 0), "receive the request");
	check(len == 4 && memcmp(buf, "ping", 4) == 0 ? 0 : NNG_EPROTO, "request");
	check(nng_send(rep, "pong!", 5, 0), "send the reply");
	len = sizeof(buf);
	check(nng_recv(req, buf, &len, 0), "receive the reply");
	check(len == 5 && memcmp(buf, "pong!", 5) == 0 ? 0 : NNG_EPROTO, "reply");

	check(nng_close(req), "close");
	check(nng_close(rep), "close");
}

// The port 0 would do for tcp and tls, but a ws listener does not tell which one it got.
static int
free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t          len     = sizeof(address);
	int                fd      = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *) &address, len) != 0 ||
	    getsockname(fd, (struct sockaddr *) &address, &len) != 0) {
		perror("smoke: a free port");
		exit(1);
	}
	close(fd);
	return (ntohs(address.sin_port));
}

static void
round_trip_at_port(const char *scheme, const char *path)
{
	char url[64];

	snprintf(url, sizeof(url), "%s://127.0.0.1:%d%s", scheme, free_port(), path);
	round_trip(url);
}

int
main(void)
{
	char version[32];
	char url[64];

	snprintf(version, sizeof(version), "%d.%d.%d", NNG_MAJOR_VERSION, NNG_MINOR_VERSION, NNG_PATCH_VERSION);
	if (strncmp(nng_version(), version, strlen(version)) != 0) {
		fprintf(stderr, "smoke: headers of %s, library %s\n", version, nng_version());
		return 1;
	}

	round_trip("inproc://smoke");
	snprintf(url, sizeof(url), "abstract://nng-smoke-%ld", (long) getpid());
	round_trip(url);
	snprintf(url, sizeof(url), "ipc:///tmp/nng-smoke-%ld", (long) getpid());
	round_trip(url);
	round_trip_at_port("tcp", "");
	round_trip_at_port("tls+tcp", "");
	round_trip_at_port("ws", "/smoke");
	round_trip_at_port("wss", "/smoke");

	printf("nng %s, %s: inproc abstract ipc tcp tls+tcp ws wss\n", nng_version(), nng_tls_engine_description());
	return 0;
}
