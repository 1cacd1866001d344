/*
 * A worker in C, with libnng and nothing else, that speaks NGW1 as docs/protocol.md says: it turns payloads of any size into capital letters.
 *
 *     cc -o worker worker.c -lnng -lpthread
 *     ./worker tcp://127.0.0.1:5555 NAME TYPE COUNT
 *
 * takes COUNT jobs of the type TYPE, one after the other, and leaves. ForeignWorkerTest of nng-workers compiles and runs it.
 */
#include <ctype.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nng/nng.h>
#include <nng/protocol/reqrep0/req.h>
#include <nng/supplemental/util/platform.h>

#define CHUNK (1024 * 1024)
#define SMALL (16 * 1024)
#define HEADER (64 * 1024)
#define ANSWER_WITHIN 30000 /* ms; then the question is asked again */

static char worker[512]; /* how the worker presents itself, in JSON */

/* The lease that the worker holds, for the heartbeats. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char job[129], token[129]; /* empty: none */
static int dropped, ended;

static void
check(int rv, const char *what)
{
	if (rv != 0) {
		fprintf(stderr, "%s: %s\n", what, nng_strerror(rv));
		exit(1);
	}
}

/* ---- JSON, as much of it as is needed: finds a member of an object */

static const char *
after_string(const char *at, const char *end)
{
	for (at++; at < end && *at != '"'; at++) {
		if (*at == '\\') {
			at++;
		}
	}
	return at < end ? at + 1 : end;
}

static const char *
after_value(const char *at, const char *end)
{
	int depth = 0;
	while (at < end) {
		if (*at == '"') {
			at = after_string(at, end);
			continue;
		}
		if (depth == 0 && (*at == ',' || *at == '}' || *at == ']')) {
			return at;
		}
		depth += (*at == '{' || *at == '[') - (*at == '}' || *at == ']');
		at++;
	}
	return end;
}

/* The value of a member of the object from at to end, or NULL. */
static const char *
member(const char *at, const char *end, const char *name)
{
	size_t length = strlen(name);
	while (at < end && *at != '"' && *at != '}') {
		at++;
	}
	while (at < end && *at == '"') {
		const char *key = at + 1;
		at = after_string(at, end);
		int found = (size_t) (at - 1 - key) == length && memcmp(key, name, length) == 0;
		while (at < end && (*at == ':' || isspace((unsigned char) *at))) {
			at++;
		}
		if (found) {
			return at;
		}
		at = after_value(at, end);
		while (at < end && (*at == ',' || isspace((unsigned char) *at))) {
			at++;
		}
	}
	return NULL;
}

/* Copies a string without escapes, such as an id; empty if it is missing, null, or too long. */
static void
copy_string(const char *at, const char *end, const char *name, char *target, size_t size)
{
	const char *value = member(at, end, name);
	target[0] = 0;
	if (value != NULL && *value == '"') {
		size_t length = (size_t) (after_string(value, end) - value) - 2;
		if (length < size) {
			memcpy(target, value + 1, length);
			target[length] = 0;
		}
	}
}

/* ---- Messages: "NGW1", the header's length in 32 bits, big-endian, the header, the body */

typedef struct {
	nng_msg *msg;
	const char *header, *end; /* JSON */
	const uint8_t *body;
	size_t size;
} answer;

static int
is(const answer *a, const char *name, const char *expected)
{
	char value[129];
	copy_string(a->header, a->end, name, value, sizeof(value));
	return strcmp(value, expected) == 0;
}

static int
parse(answer *a)
{
	uint8_t *bytes = nng_msg_body(a->msg);
	size_t size = nng_msg_len(a->msg);
	if (size < 8 || memcmp(bytes, "NGW1", 4) != 0) {
		return 0;
	}
	size_t length = (size_t) bytes[4] << 24 | (size_t) bytes[5] << 16 | (size_t) bytes[6] << 8 | bytes[7];
	if (length > HEADER || length > size - 8) {
		return 0;
	}
	a->header = (const char *) bytes + 8;
	a->end = a->header + length;
	a->body = bytes + 8 + length;
	a->size = size - 8 - length;
	return 1;
}

/* Asks until there is an answer. Asking again under the same names does no harm: that is how nothing gets lost. */
static answer
ask(nng_ctx ctx, const char *header, const void *body, size_t size)
{
	nng_aio *aio;
	answer a;
	check(nng_aio_alloc(&aio, NULL, NULL), "aio");
	nng_aio_set_timeout(aio, ANSWER_WITHIN);
	for (;; nng_msleep(100)) {
		nng_msg *msg;
		check(nng_msg_alloc(&msg, 0), "message");
		check(nng_msg_append(msg, "NGW1", 4), "message");
		check(nng_msg_append_u32(msg, (uint32_t) strlen(header)), "message");
		check(nng_msg_append(msg, header, strlen(header)), "message");
		check(nng_msg_append(msg, body, size), "message");
		nng_aio_set_msg(aio, msg);
		nng_ctx_send(ctx, aio);
		nng_aio_wait(aio);
		if (nng_aio_result(aio) != 0) {
			nng_msg_free(msg);
			continue;
		}
		nng_ctx_recv(ctx, aio);
		nng_aio_wait(aio);
		if (nng_aio_result(aio) != 0) {
			continue;
		}
		a.msg = nng_aio_get_msg(aio);
		if (parse(&a) && !is(&a, "code", "busy")) {
			break;
		}
		nng_msg_free(a.msg);
	}
	nng_aio_free(aio);
	return a;
}

/* ---- Heartbeats: one always waits at the queue for orders. They do not depend on the job. */

static void *
beat(void *arg)
{
	nng_ctx ctx = *(nng_ctx *) arg;
	for (int first = 1;; first = 0) {
		char header[2048], lease[512] = "";
		char held[129];
		pthread_mutex_lock(&lock);
		int stop = ended;
		strcpy(held, token);
		if (held[0]) {
			snprintf(lease, sizeof(lease), "{\"job\":\"%s\",\"token\":\"%s\",\"progress\":0}", job, token);
		}
		pthread_mutex_unlock(&lock);
		if (stop) {
			return NULL;
		}
		snprintf(header, sizeof(header), "{\"op\":\"heartbeat\",\"worker\":%s,\"waits\":%s,\"leases\":[%s]}", worker,
		    first ? "false" : "true", lease);
		answer a = ask(ctx, header, "", 0);
		const char *drop = member(a.header, a.end, "drop");
		const char *past = drop == NULL ? NULL : after_value(drop, a.end);
		size_t length = strlen(held);
		for (; length > 0 && drop != NULL && drop + length <= past; drop++) {
			if (memcmp(drop, held, length) == 0) {
				pthread_mutex_lock(&lock);
				dropped |= strcmp(held, token) == 0;
				pthread_mutex_unlock(&lock);
				break;
			}
		}
		nng_msg_free(a.msg);
	}
}

/* ---- Jobs */

static void
to_upper(uint8_t *to, const uint8_t *from, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		to[i] = (uint8_t) toupper(from[i]);
	}
}

/* Works on a payload that did not come along with the job, a chunk at a time. False if the lease has ended meanwhile. */
static int
run_big(nng_ctx ctx, uint64_t total, uint8_t *buffer)
{
	char header[512];
	for (uint64_t offset = 0; offset < total;) {
		pthread_mutex_lock(&lock);
		int wanted = !dropped;
		pthread_mutex_unlock(&lock);
		if (!wanted) {
			return 0;
		}
		snprintf(header, sizeof(header), "{\"op\":\"get\",\"token\":\"%s\",\"offset\":%llu,\"length\":%d}", token,
		    (unsigned long long) offset, CHUNK);
		answer chunk = ask(ctx, header, "", 0);
		size_t size = chunk.size;
		int ok = is(&chunk, "op", "chunk") && size > 0 && size <= CHUNK;
		if (ok) {
			to_upper(buffer, chunk.body, size);
		}
		nng_msg_free(chunk.msg);
		if (!ok) {
			return 0;
		}
		snprintf(header, sizeof(header),
		    "{\"op\":\"put\",\"token\":\"%s\",\"upload\":\"u-%s\",\"offset\":%llu,\"last\":%s,\"contentType\":\"text/plain\"}",
		    token, token, (unsigned long long) offset, offset + size == total ? "true" : "false");
		answer stored = ask(ctx, header, buffer, size);
		ok = is(&stored, "op", "stored");
		nng_msg_free(stored.msg);
		if (!ok) {
			return 0;
		}
		offset += size;
	}
	return 1;
}

int
main(int argc, char **argv)
{
	nng_socket socket;
	nng_ctx work, beats;
	pthread_t heartbeat;
	static char header[4096], report[1024];
	uint8_t *result = malloc(CHUNK);
	size_t size = 0;

	if (argc != 5 || result == NULL) {
		fprintf(stderr, "usage: %s URL NAME TYPE COUNT\n", argv[0]);
		return 2;
	}
	snprintf(worker, sizeof(worker), "{\"id\":\"%s-%08x%08x\",\"name\":\"%s\",\"slots\":1,\"types\":[\"%s\"],\"labels\":[\"c\"]}",
	    argv[2], nng_random(), nng_random(), argv[2], argv[3]);
	check(nng_req0_open(&socket), "socket");
	/* The worker asks again by itself; the library must not, since the queue keeps questions open for long. */
	check(nng_socket_set_ms(socket, NNG_OPT_REQ_RESENDTIME, NNG_DURATION_INFINITE), "resend time");
	check(nng_socket_set_ms(socket, NNG_OPT_RECONNMINT, 100), "reconnect time");
	check(nng_socket_set_ms(socket, NNG_OPT_RECONNMAXT, 100), "reconnect time");
	check(nng_socket_set_size(socket, NNG_OPT_RECVMAXSZ, HEADER + CHUNK + 256), "size");
	check(nng_dial(socket, argv[1], NULL, NNG_FLAG_NONBLOCK), argv[1]);
	check(nng_ctx_open(&work, socket), "context");
	check(nng_ctx_open(&beats, socket), "context");
	if (pthread_create(&heartbeat, NULL, beat, &beats) != 0) {
		fprintf(stderr, "no thread for heartbeats\n");
		return 1;
	}

	int left = atoi(argv[4]);
	for (unsigned question = 0; left > 0 || report[0]; question++) {
		/* One message asks for the next job and says how the last one ended. */
		snprintf(header, sizeof(header), "{\"op\":\"ready\",\"worker\":%s,\"id\":\"q%u\",\"wanted\":%s%s}", worker, question,
		    left > 0 ? "true" : "false", report);
		answer a = ask(work, header, result, size);
		report[0] = 0;
		size = 0;
		pthread_mutex_lock(&lock);
		job[0] = token[0] = 0;
		dropped = 0;
		int run = is(&a, "op", "run");
		if (run) {
			copy_string(a.header, a.end, "job", job, sizeof(job));
			copy_string(a.header, a.end, "token", token, sizeof(token));
		}
		pthread_mutex_unlock(&lock);
		if (run) {
			const char *length = member(a.header, a.end, "payloadSize");
			uint64_t total = length == NULL ? 0 : strtoull(length, NULL, 10);
			int small = total <= SMALL;
			if (small) {
				size = a.size <= CHUNK ? a.size : 0;
				to_upper(result, a.body, size);
			}
			if (small || run_big(work, total, result)) {
				snprintf(report, sizeof(report),
				    ",\"report\":{\"job\":\"%s\",\"token\":\"%s\",\"outcome\":\"done\","
				    "\"result\":{\"contentType\":\"text/plain\"%s%s%s}}",
				    job, token, small ? "" : ",\"upload\":\"u-", small ? "" : token, small ? "" : "\"");
			}
			left--;
		} else if (is(&a, "op", "refused")) {
			fprintf(stderr, "refused: %.*s\n", (int) (a.end - a.header), a.header);
			nng_msleep(1000);
		}
		nng_msg_free(a.msg);
	}

	pthread_mutex_lock(&lock);
	ended = 1;
	pthread_mutex_unlock(&lock);
	pthread_join(heartbeat, NULL);
	char id[129];
	copy_string(worker, worker + strlen(worker), "id", id, sizeof(id));
	snprintf(header, sizeof(header), "{\"op\":\"leave\",\"worker\":\"%s\"}", id);
	nng_msg_free(ask(work, header, "", 0).msg);
	nng_close(socket);
	free(result);
	return 0;
}
