// Does the library that was just built work at all? A request and its reply on each transport, a TLS configuration,
// and the version that the headers promise.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nng/nng.h>
#include <nng/protocol/reqrep0/rep.h>
#include <nng/protocol/reqrep0/req.h>
#include <nng/supplemental/tls/tls.h>

static void
check(int rv, const char *what)
{
	if (rv != 0) {
		fprintf(stderr, "smoke: %s: %s\n", what, nng_strerror(rv));
		exit(1);
	}
}

static void
round_trip(const char *url)
{
	nng_socket   rep;
	nng_socket   req;
	nng_listener listener;
	char        *bound;
	char         buf[16];
	size_t       len;

	check(nng_rep0_open(&rep), "nng_rep0_open");
	check(nng_req0_open(&req), "nng_req0_open");
	check(nng_socket_set_ms(rep, NNG_OPT_RECVTIMEO, 5000), "receive timeout");
	check(nng_socket_set_ms(req, NNG_OPT_RECVTIMEO, 5000), "receive timeout");
	check(nng_listen(rep, url, &listener, 0), url);
	check(nng_listener_get_string(listener, NNG_OPT_URL, &bound), "bound address");
	check(nng_dial(req, bound, NULL, 0), bound);

	check(nng_send(req, "ping", 4, 0), "send the request");
	len = sizeof(buf);
	check(nng_recv(rep, buf, &len, 0), "receive the request");
	check(len == 4 && memcmp(buf, "ping", 4) == 0 ? 0 : NNG_EPROTO, "request");
	check(nng_send(rep, "pong!", 5, 0), "send the reply");
	len = sizeof(buf);
	check(nng_recv(req, buf, &len, 0), "receive the reply");
	check(len == 5 && memcmp(buf, "pong!", 5) == 0 ? 0 : NNG_EPROTO, "reply");

	nng_strfree(bound);
	check(nng_close(req), "close");
	check(nng_close(rep), "close");
}

int
main(void)
{
	char            version[32];
	nng_tls_config *tls;

	snprintf(version, sizeof(version), "%d.%d.%d", NNG_MAJOR_VERSION, NNG_MINOR_VERSION, NNG_PATCH_VERSION);
	if (strncmp(nng_version(), version, strlen(version)) != 0) {
		fprintf(stderr, "smoke: headers of %s, library %s\n", version, nng_version());
		return 1;
	}

	round_trip("inproc://smoke");
	round_trip("tcp://127.0.0.1:0");

	check(nng_tls_config_alloc(&tls, NNG_TLS_MODE_CLIENT), "nng_tls_config_alloc");
	check(nng_tls_config_server_name(tls, "localhost"), "nng_tls_config_server_name");
	nng_tls_config_free(tls);

	printf("nng %s, %s\n", nng_version(), nng_tls_engine_description());
	return 0;
}
