// The live view: what queue and workers do, by one WebSocket while somebody looks.

import { ask, byId, bytes, read, seconds, speak } from "./words.js";

const KEPT = 120;
const WINDOW = 60;
const AGAIN_MS = 2000;

const rows = new Map();
let history = [];
let socket = null;
let wanted = false;

/** Shows the view, or stops to. */
export function look(yes) {
  wanted = yes && !document.hidden;
  if (wanted && !socket) connect();
  else if (!wanted && socket) socket.close();
}

function connect() {
  socket = new WebSocket(`${location.protocol.replace("http", "ws")}//${location.host}/v1/live`);
  socket.addEventListener("message", (event) => show(JSON.parse(event.data)));
  socket.addEventListener("close", () => {
    socket = null;
    byId("view-live").classList.add("stale");
    setTimeout(() => wanted && !socket && connect(), AGAIN_MS);
  });
}

function show(snapshot) {
  byId("view-live").classList.remove("stale");
  const last = history.at(-1);
  // Another server, or one that was started anew, counts from zero; and what was not watched is not drawn.
  if (last && (snapshot.figures.started < last.figures.started || Date.parse(snapshot.at) - Date.parse(last.at) > 5000)) history = [];
  history.push(snapshot);
  history = history.slice(-KEPT);
  showFigures(snapshot);
  showServer(snapshot);
  showWorkers(snapshot);
}

/* Figures and their charts */

function showFigures({ queue, figures }) {
  tile("queued", queue.queued, (point) => point.queue.queued, 4);
  tile("running", `${queue.running} of ${queue.slots}`, (point) => point.queue.running, Math.max(1, queue.slots));
  const pace = perMinute(history.length - 1);
  tile("pace", pace === null ? "\u2013" : String(Math.round(pace)), (point, index) => perMinute(index) ?? 0, 6);
  const { count, p50Micros, p99Micros } = figures.runTime;
  tile("time", count ? seconds(p50Micros / 1000) : "\u2013", (point) => point.figures.runTime.p50Micros / 1e6, 0.5);
  note("queued", queue.accepting ? `room for ${(queue.capacity - queue.queued).toLocaleString()} more` : "takes no more");
  note("running", queue.workers === 1 ? "1 worker" : `${queue.workers} workers`);
  note("pace", `${figures.succeeded.toLocaleString()} made, ${figures.failed.toLocaleString()} failed`);
  note("time", count ? `99 of 100 within ${seconds(p99Micros / 1000)}` : "none in the last minute");
}

/** GIFs a minute up to one point of the history, over the last minute of it; null if that is too short to tell. */
function perMinute(index) {
  const then = history[Math.max(0, index - WINDOW)];
  const now = history[index];
  const passed = (Date.parse(now.at) - Date.parse(then.at)) / 1000;
  return passed < 3 ? null : ((now.figures.succeeded - then.figures.succeeded) * 60) / passed;
}

function tile(name, words, value, least) {
  const figure = byId(`live-${name}`);
  figure.querySelector("strong").textContent = words;
  draw(figure.querySelector("svg"), history.map(value), least);
}

function note(name, words) {
  byId(`live-${name}`).querySelector("small").textContent = words;
}

/** Draws values as an area, the newest at the right, up to their own maximum or the least one given. */
function draw(svg, values, least) {
  const top = Math.max(least, ...values);
  const points = values.map((value, index) => `${KEPT - values.length + index},${(38 - (value / top) * 36).toFixed(2)}`);
  const first = KEPT - values.length;
  svg.querySelector(".line").setAttribute("d", `M${points.join("L")}`);
  svg.querySelector(".area").setAttribute("d", `M${first},40L${points.join("L")}L${KEPT - 1},40Z`);
  svg.setAttribute("aria-label", `the last ${values.length} seconds, at most ${Math.round(top * 10) / 10}`);
}

/* Processes */

function showServer({ queue, figures }) {
  const row = byId("server");
  row.querySelector(".what").textContent = queue.accepting ? "serves" : "ends";
  row.querySelector(".slots").textContent = `${queue.running} of ${queue.slots}`;
  row.querySelector(".finished").textContent = (figures.succeeded + figures.failed).toLocaleString();
  showMeasures(row, figures);
}

/** Half of the jobs took no longer, of late; and what connections to other processes carried. */
function showMeasures(row, { runTime, traffic }) {
  row.querySelector(".time").textContent = runTime.count ? seconds(runTime.p50Micros / 1000) : "\u2013";
  row.querySelector(".in").textContent = bytes(traffic.receivedBytes);
  row.querySelector(".out").textContent = bytes(traffic.sentBytes);
}

function showWorkers({ workers, moreWorkers }) {
  const seen = new Set();
  workers.forEach((worker, index) => {
    seen.add(worker.id);
    if (!rows.has(worker.id)) rows.set(worker.id, new Row(worker));
    const row = rows.get(worker.id);
    row.show(worker);
    const body = byId("workers");
    if (body.children[index] !== row.element) body.insertBefore(row.element, body.children[index] ?? null);
  });
  for (const [id, row] of rows) {
    if (seen.has(id)) continue;
    row.element.remove();
    rows.delete(id);
  }
  byId("no-workers").hidden = workers.some(({ state }) => state !== "dead");
  byId("more-workers").hidden = moreWorkers === 0;
  byId("more-workers").textContent = `and ${moreWorkers} more`;
}

class Row {
  constructor({ name }) {
    this.element = byId("worker").content.firstElementChild.cloneNode(true);
    this.name = name;
    this.part(".who").textContent = name;
    for (const order of ["quiet", "resume", "halt"]) {
      this.button(order).addEventListener("click", () => this.give(order));
      this.button(order).setAttribute("aria-label", `${this.button(order).textContent} ${name}`);
    }
    this.button("halt").addEventListener("blur", () => this.ease());
  }

  part(selector) {
    return this.element.querySelector(selector);
  }

  button(order) {
    return this.part(`[data-order=${order}]`);
  }

  show({ state, busy, slots, finished, runTime, traffic }) {
    this.element.className = state;
    showMeasures(this.element, { runTime, traffic });
    this.part(".what").textContent = state;
    this.part(".slots").textContent = `${busy} of ${slots}`;
    this.part(".finished").textContent = finished.toLocaleString();
    this.offer("quiet", state === "idle" || state === "busy");
    this.offer("resume", state === "quiet");
    this.offer("halt", state !== "halting" && state !== "dead");
  }

  offer(order, yes) {
    const button = this.button(order);
    const focused = button === document.activeElement;
    button.hidden = !yes;
    if (!yes && focused) this.part("button:not([hidden])")?.focus();
  }

  async give(order) {
    const button = this.button(order);
    // A worker that ends does not come back by itself: asked for twice.
    if (order === "halt" && !button.classList.contains("sure")) {
      button.classList.add("sure");
      button.textContent = "End it?";
      button.setAttribute("aria-label", `End ${this.name}, really?`);
      return;
    }
    this.ease();
    const response = await ask("POST", `/v1/workers/${encodeURIComponent(this.name)}/${order}`);
    const problem = response?.ok ? null : read((await response?.text()) ?? "");
    const said = response?.ok ? "" : (problem?.detail ?? "The server does not answer.");
    byId("order-failed").textContent = said;
    byId("order-failed").hidden = !said;
    if (!said) speak(`${this.name} was told to ${order}`);
  }

  ease() {
    const button = this.button("halt");
    button.classList.remove("sure");
    button.textContent = "Halt";
    button.setAttribute("aria-label", `Halt ${this.name}`);
  }
}
