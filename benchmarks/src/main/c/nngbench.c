// The baseline: what a careful C program gets out of the same libnng.
//
//   nngbench roundtrip URL SIZE SECONDS         REQ/REP, blocking calls, two threads
//   nngbench blocking  URL SIZE SECONDS         PUSH/PULL, blocking calls, two threads
//   nngbench aio       URL SIZE SECONDS COUNT   PUSH/PULL, COUNT operations under way on each side
//   nngbench fanout    URL SIZE SECONDS COUNT   PUB and COUNT SUBs that receive by aio
//   nngbench contexts  URL SIZE SECONDS COUNT   REQ with COUNT contexts, each with a request under way
//
// Prints operations a second: round trips, messages received, messages that reached every subscriber, replies.

#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <nng/nng.h>
#include <nng/protocol/pipeline0/pull.h>
#include <nng/protocol/pipeline0/push.h>
#include <nng/protocol/pubsub0/pub.h>
#include <nng/protocol/pubsub0/sub.h>
#include <nng/protocol/reqrep0/rep.h>
#include <nng/protocol/reqrep0/req.h>
#include <nng/supplemental/util/platform.h>

enum { WARM_UP_MS = 500, REPLIERS = 64, WINDOW = 8, BUFFER = 128 };

static size_t             size;
static atomic_long        done;
static atomic_bool        over;
static sem_t              window;
static long               subscribers;
static const char *const *args;

static void
check(const char *what, int rv)
{
	if (rv != 0) {
		fprintf(stderr, "nngbench: %s: %s\n", what, nng_strerror(rv));
		exit(1);
	}
}

static nng_msg *
message(void)
{
	nng_msg *msg;
	check("message", nng_msg_alloc(&msg, size));
	return (msg);
}

static double
now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return ((double) t.tv_sec + (double) t.tv_nsec / 1e9);
}

// Listens and dials, and waits until both sides know of it.
static void
join(nng_socket listener, nng_socket dialer)
{
	static nng_listener bound;
	static char         url[256];
	if (url[0] == '\0') {
		check("listen", nng_listen(listener, args[0], &bound, 0));
		char *given;
		check("url", nng_listener_get_string(bound, NNG_OPT_URL, &given));
		snprintf(url, sizeof(url), "%s", given);
		nng_strfree(given);
	}
	check("dial", nng_dial(dialer, url, NULL, 0));
}

static void
report(double seconds, long per)
{
	nng_msleep(WARM_UP_MS);
	long   before = atomic_load(&done);
	double start  = now();
	nng_msleep((nng_duration) (seconds * 1000));
	long   count = atomic_load(&done) - before;
	double took  = now() - start;
	atomic_store(&over, true);
	printf("%.1f\n", (double) count / (double) per / took);
	fflush(stdout);
	exit(0); // what is under way ends with the process
}

// REQ/REP, blocking

static void
reply(void *arg)
{
	nng_socket *rep = arg;
	nng_msg *   msg;
	while (!over) {
		check("receive request", nng_recvmsg(*rep, &msg, 0));
		check("reply", nng_sendmsg(*rep, msg, 0));
	}
}

static void
request(void *arg)
{
	nng_socket *req = arg;
	nng_msg *   msg = message();
	while (!over) {
		check("request", nng_sendmsg(*req, msg, 0));
		check("receive reply", nng_recvmsg(*req, &msg, 0));
		done++;
	}
}

// PUSH/PULL, blocking

static void
push(void *arg)
{
	nng_socket *socket = arg;
	while (!over) {
		check("push", nng_sendmsg(*socket, message(), 0));
	}
}

static void
pull(void *arg)
{
	nng_socket *socket = arg;
	nng_msg *   msg;
	while (!over) {
		check("pull", nng_recvmsg(*socket, &msg, 0));
		nng_msg_free(msg);
		done++;
	}
}

// Operations that start the next one when they end

typedef struct {
	nng_socket socket;
	nng_ctx    context;
	nng_aio *  aio;
	bool       sent;
} operation;

static void
pushed(void *arg)
{
	operation *o = arg;
	check("push", nng_aio_result(o->aio));
	nng_aio_set_msg(o->aio, message());
	nng_send_aio(o->socket, o->aio);
}

static void
pulled(void *arg)
{
	operation *o = arg;
	check("receive", nng_aio_result(o->aio));
	nng_msg_free(nng_aio_get_msg(o->aio));
	done++;
	nng_recv_aio(o->socket, o->aio);
}

static void
start(nng_socket socket, int count, void (*callback)(void *), bool sends)
{
	for (int i = 0; i < count; i++) {
		operation *o = calloc(1, sizeof(*o));
		o->socket    = socket;
		check("aio", nng_aio_alloc(&o->aio, callback, o));
		if (sends) {
			nng_aio_set_msg(o->aio, message());
			nng_send_aio(socket, o->aio);
		} else {
			nng_recv_aio(socket, o->aio);
		}
	}
}

// A publisher waits for nobody, so this one keeps a few messages ahead of its subscribers and no more.
static void
publish(void *arg)
{
	nng_socket *pub = arg;
	while (!over) {
		sem_wait(&window);
		check("publish", nng_sendmsg(*pub, message(), 0));
	}
}

static void
heard(void *arg)
{
	operation *o = arg;
	check("receive", nng_aio_result(o->aio));
	nng_msg_free(nng_aio_get_msg(o->aio));
	if (++done % subscribers == 0) {
		sem_post(&window);
	}
	nng_recv_aio(o->socket, o->aio);
}

static void
replied(void *arg)
{
	operation *o = arg;
	check("request", nng_aio_result(o->aio));
	if (o->sent) {
		o->sent = false;
		nng_ctx_recv(o->context, o->aio);
		return;
	}
	nng_msg *msg = nng_aio_get_msg(o->aio);
	done++;
	o->sent = true;
	nng_aio_set_msg(o->aio, msg);
	nng_ctx_send(o->context, o->aio);
}

static void
requested(void *arg)
{
	operation *o = arg;
	check("reply", nng_aio_result(o->aio));
	if (o->sent) {
		o->sent = false;
		nng_ctx_recv(o->context, o->aio);
		return;
	}
	nng_msg *msg = nng_aio_get_msg(o->aio);
	o->sent      = true;
	nng_aio_set_msg(o->aio, msg);
	nng_ctx_send(o->context, o->aio);
}

static void
contexts(nng_socket socket, int count, void (*callback)(void *), bool asks)
{
	for (int i = 0; i < count; i++) {
		operation *o = calloc(1, sizeof(*o));
		check("context", nng_ctx_open(&o->context, socket));
		check("aio", nng_aio_alloc(&o->aio, callback, o));
		if (asks) {
			o->sent = true;
			nng_aio_set_msg(o->aio, message());
			nng_ctx_send(o->context, o->aio);
		} else {
			nng_ctx_recv(o->context, o->aio);
		}
	}
}

static void
run(void (*function)(void *), nng_socket *socket)
{
	nng_thread *thread;
	check("thread", nng_thread_create(&thread, function, socket));
}

int
main(int argc, char *argv[])
{
	static nng_socket left;
	static nng_socket right;
	if (argc < 5) {
		fprintf(stderr, "usage: nngbench CASE URL SIZE SECONDS [COUNT]\n");
		return (2);
	}
	const char *name  = argv[1];
	args              = (const char *const *) argv + 2;
	size              = (size_t) atol(args[1]);
	double seconds    = atof(args[2]);
	int    count      = argc > 5 ? atoi(args[3]) : 1;

	if (strcmp(name, "roundtrip") == 0) {
		check("open", nng_rep0_open(&left));
		check("open", nng_req0_open(&right));
		join(left, right);
		run(reply, &left);
		run(request, &right);
		report(seconds, 1);
	} else if (strcmp(name, "blocking") == 0) {
		check("open", nng_pull0_open(&left));
		check("open", nng_push0_open(&right));
		join(left, right);
		run(pull, &left);
		run(push, &right);
		report(seconds, 1);
	} else if (strcmp(name, "aio") == 0) {
		check("open", nng_pull0_open(&left));
		check("open", nng_push0_open(&right));
		check("limit", nng_socket_set_size(left, NNG_OPT_RECVMAXSZ, 0));
		join(left, right);
		start(left, count, pulled, false);
		start(right, count, pushed, true);
		report(seconds, 1);
	} else if (strcmp(name, "fanout") == 0) {
		subscribers = count;
		sem_init(&window, 0, WINDOW);
		check("open", nng_pub0_open(&left));
		check("buffer", nng_socket_set_int(left, NNG_OPT_SENDBUF, BUFFER));
		for (int i = 0; i < count; i++) {
			check("open", nng_sub0_open(&right));
			check("subscribe", nng_socket_set(right, NNG_OPT_SUB_SUBSCRIBE, "", 0));
			join(left, right);
			start(right, 1, heard, false);
		}
		nng_msleep(100); // the publisher may not know all of them yet
		run(publish, &left);
		report(seconds, count);
	} else if (strcmp(name, "contexts") == 0) {
		check("open", nng_rep0_open(&left));
		check("open", nng_req0_open(&right));
		join(left, right);
		contexts(left, REPLIERS, requested, false);
		contexts(right, count, replied, true);
		report(seconds, 1);
	}
	fprintf(stderr, "nngbench: no case %s\n", name);
	return (2);
}
