// The page: hands movies over, follows their jobs by one stream of events, shows the GIFs.

const SENDING_AT_ONCE = 2;
const SHOWN = 24;
const NAMES = "gifbroker.names";

const byId = (id) => document.getElementById(id);
const cards = new Map();
const waiting = [];
let sending = 0;
let contact = false;

const names = {
  all: JSON.parse(localStorage.getItem(NAMES) ?? "{}"),
  get: (id) => names.all[id],
  set(id, name) {
    names.all[id] = name;
    const recent = Object.entries(names.all).slice(-200);
    names.all = Object.fromEntries(recent);
    localStorage.setItem(NAMES, JSON.stringify(names.all));
  },
};

/* Words */

function bytes(count) {
  if (count < 1e3) return `${count} bytes`;
  if (count < 1e6) return `${Math.round(count / 1e3)} kB`;
  return `${(count / 1e6).toFixed(1)} MB`;
}

function seconds(milliseconds) {
  const time = milliseconds / 1000;
  if (time >= 90) return `${Math.floor(time / 60)} min ${Math.round(time % 60)} s`;
  return `${time < 9.95 ? time.toFixed(1) : Math.round(time)} s`;
}

function left(job) {
  if (job.progress < 0.05 || job.runTimeMs < 800) return "";
  return `, ${seconds((job.runTimeMs * (1 - job.progress)) / job.progress)} left`;
}

function speak(words) {
  byId("spoken").textContent = words;
}

/* A card shows one movie on its way to a GIF */

class Card {
  constructor(name) {
    this.element = byId("card").content.firstElementChild.cloneNode(true);
    this.name = name;
    this.job = null;
    this.request = null;
    this.part(".name").textContent = name;
    this.part(".name").title = name;
    this.action("cancel").addEventListener("click", () => this.cancel());
    this.action("remove").addEventListener("click", () => this.remove());
    this.action("copy").addEventListener("click", () => this.copyLink());
    const image = this.part("img");
    image.addEventListener("load", () => {
      image.hidden = false;
      this.part("video").hidden = true;
      this.describe();
    });
  }

  part(selector) {
    return this.element.querySelector(selector);
  }

  action(name) {
    return this.part(`[data-do=${name}]`);
  }

  offer(...actions) {
    for (const button of this.element.querySelectorAll("[data-do]")) {
      button.hidden = !actions.includes(button.dataset.do);
    }
  }

  say(kind, words, progress) {
    this.element.className = `card ${kind}`;
    this.part(".state").textContent = words;
    const bar = this.part("progress");
    bar.hidden = progress === undefined;
    bar.setAttribute("aria-label", `${this.name}: ${words}`);
    if (progress === null) bar.removeAttribute("value");
    else if (progress !== undefined) bar.value = progress;
  }

  /** Shows the movie itself until there is a GIF, if the browser can. */
  preview(file) {
    const video = this.part("video");
    video.addEventListener("loadeddata", () => {
      video.hidden = this.part("img").hidden === false;
    });
    video.src = URL.createObjectURL(file);
  }

  endPreview() {
    const video = this.part("video");
    if (video.src) URL.revokeObjectURL(video.src);
    video.removeAttribute("src");
    video.hidden = true;
  }

  show(job) {
    const before = this.job;
    if (before && before.finishedAt && !job.finishedAt && before.attempt >= job.attempt) return;
    this.job = job;
    switch (job.state) {
      case "queued":
        this.say("queued", job.queuePosition ? `In the queue, number ${job.queuePosition}` : "In the queue", 0);
        this.offer("cancel");
        break;
      case "running":
        this.say("running", `Converting, ${Math.floor(job.progress * 100)} %${left(job)}`, job.progress);
        this.offer("cancel");
        break;
      case "succeeded":
        this.done(before);
        break;
      case "cancelled":
        this.endPreview();
        this.say("cancelled", "Cancelled");
        this.offer("remove");
        break;
      default:
        this.fail(job.error ?? { title: "The conversion failed" }, before);
    }
  }

  done(before) {
    if (before?.state === "succeeded") return;
    const image = this.part("img");
    image.alt = `The GIF of ${this.name}`;
    image.src = this.job.links.result;
    this.part("progress").hidden = true;
    this.offer("download", "remove", ...(navigator.clipboard ? ["copy"] : []));
    const link = this.action("download");
    link.href = this.job.links.result;
    link.download = `${this.name.replace(/\.[^.]*$/, "")}.gif`;
    this.describe();
    if (before) speak(`${this.name} is done`);
  }

  describe() {
    const image = this.part("img");
    const { resultBytes, runTimeMs, worker } = this.job;
    const facts = [bytes(resultBytes), seconds(runTimeMs), worker.replaceAll("-", "\u2011")];
    if (image.naturalWidth) facts.unshift(`${image.naturalWidth} \u00d7 ${image.naturalHeight}`);
    this.say("succeeded", facts.join(" \u00b7 "));
  }

  fail(problem) {
    this.endPreview();
    const detail = problem.detail && problem.detail !== problem.title ? problem.detail : "";
    this.say("failed", detail || problem.title);
    this.offer("remove");
    speak(`${this.name} failed: ${problem.title}`);
  }

  /** The server no longer knows the job. */
  lose() {
    if (this.job.finishedAt) this.vanish();
    else this.fail({ title: "The server was restarted and no longer has this movie. Please send it again." });
    cards.delete(this.job.id);
  }

  async cancel() {
    if (this.request) {
      this.request.abort();
    } else if (this.job) {
      const response = await ask("DELETE", this.job.links.self);
      if (response?.status === 200) this.show(await response.json());
    } else {
      waiting.splice(waiting.indexOf(this), 1);
      this.vanish();
    }
  }

  async remove() {
    if (this.job) {
      const response = await ask("DELETE", this.job.links.self);
      if (!response?.ok && response?.status !== 404) return;
    }
    this.vanish();
  }

  vanish() {
    const next = this.element.nextElementSibling ?? this.element.previousElementSibling;
    const held = this.element.contains(document.activeElement);
    this.endPreview();
    this.element.remove();
    if (this.job) cards.delete(this.job.id);
    makeRoom();
    if (held) (next ?? byId("files")).focus();
  }

  async copyLink() {
    await navigator.clipboard.writeText(new URL(this.job.links.result, location.href).href);
    this.action("copy").textContent = "Copied";
    speak("Link copied");
    setTimeout(() => (this.action("copy").textContent = "Copy link"), 1500);
  }
}

function makeRoom() {
  const empty = byId("cards").childElementCount === 0;
  byId("shelf").hidden = empty;
  byId("hero").classList.toggle("small", !empty);
}

function put(card) {
  byId("cards").prepend(card.element);
  makeRoom();
}

/* Handing movies over */

function take(files) {
  if (!files.length) return;
  const query = options();
  for (const file of [...files].reverse()) {
    const card = new Card(file.name);
    card.file = file;
    card.query = query;
    card.say("sending", `Waiting to be sent, ${bytes(file.size)}`, 0);
    card.offer("cancel");
    card.preview(file);
    put(card);
    waiting.push(card);
  }
  waiting.sort((a, b) => (a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
  sendNext();
}

function options() {
  const query = new URLSearchParams();
  for (const field of byId("form").querySelectorAll("input[name]")) {
    const value = field.value.trim();
    if (value) query.set(field.name, value);
  }
  return query.toString();
}

function sendNext() {
  while (sending < SENDING_AT_ONCE && waiting.length) send(waiting.shift());
}

// By XMLHttpRequest, since fetch does not tell how much was sent.
function send(card) {
  sending++;
  const request = new XMLHttpRequest();
  card.request = request;
  request.open("POST", `/v1/gifs${card.query ? `?${card.query}` : ""}`);
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.upload.addEventListener("progress", (event) => {
    const share = event.total ? event.loaded / event.total : 0;
    card.say("sending", `Sending, ${Math.floor(share * 100)} % of ${bytes(card.file.size)}`, share);
  });
  request.addEventListener("load", () => {
    const answer = read(request.responseText);
    if (request.status === 202 && answer) accept(card, answer);
    else refuse(card, answer ?? { title: `The server answers ${request.status}` });
    if (request.status === 401) askForToken();
  });
  request.addEventListener("error", () => {
    card.fail({ title: "The movie could not be sent", detail: "The movie could not be sent: the connection was lost." });
  });
  request.addEventListener("abort", () => card.vanish());
  request.addEventListener("loadend", () => {
    sending--;
    card.request = null;
    card.file = null;
    sendNext();
  });
  request.send(card.file);
}

function accept(card, job) {
  names.set(job.id, card.name);
  const twin = cards.get(job.id);
  if (twin) twin.element.remove();
  cards.set(job.id, card);
  card.show(twin?.job ?? job);
}

function refuse(card, problem) {
  card.fail(problem);
  const option = problem.code === "invalid-option" && /^(\w+):/.exec(problem.detail ?? "")?.[1];
  const field = option && byId("form").querySelector(`input[name="${option}"]`);
  if (field) {
    field.closest("label").classList.add("wrong");
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}

/* Hearing from the server */

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function ask(method, path, headers = {}) {
  try {
    const response = await fetch(path, { method, headers });
    if (response.status === 401 && !headers.Authorization) askForToken();
    return response;
  } catch {
    return null;
  }
}

/* Logging in, where the server asks for a token. What it gives for that is a cookie that this script cannot read. */

function askForToken() {
  if (!byId("login").open) byId("login").showModal();
}

async function begin() {
  const response = await ask("GET", "/v1/session");
  const { required, authenticated } = response?.ok ? await response.json() : {};
  byId("logout").hidden = !required || !authenticated;
  if (required && !authenticated) askForToken();
  else connect();
}

function listenToLogin() {
  const dialog = byId("login");
  const refused = dialog.querySelector(".refused");
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const field = event.target.elements.token;
    const response = await ask("POST", "/v1/session", { Authorization: `Bearer ${field.value.trim()}` });
    if (response?.ok) location.reload();
    else if (response?.status === 401) refused.textContent = "That is not the token.";
    else refused.textContent = "The server does not answer.";
    field.select();
  });
  byId("logout").addEventListener("click", async () => {
    await ask("DELETE", "/v1/session");
    location.reload();
  });
}

function hear(job) {
  const known = cards.get(job.id);
  if (known) {
    known.show(job);
    return;
  }
  // Our own job may be heard of before the answer that names it: then accept() takes the card's place.
  const card = new Card(names.get(job.id) ?? `Movie of ${new Date(job.createdAt).toLocaleTimeString()}`);
  cards.set(job.id, card);
  put(card);
  card.show(job);
}

async function refresh() {
  const response = await ask("GET", `/v1/jobs?limit=${SHOWN}`);
  if (!response?.ok) return;
  const { jobs } = await response.json();
  jobs.reverse().forEach(hear);
  // A server that was restarted may know none of what is shown.
  const listed = new Set(jobs.map((job) => job.id));
  for (const card of [...cards.values()]) {
    if (listed.has(card.job.id)) continue;
    const answer = await ask("GET", card.job.links.self);
    if (answer?.ok) card.show(await answer.json());
    else if (answer?.status === 404) card.lose();
  }
}

async function health() {
  const response = await ask("GET", "/healthz");
  const state = byId("health");
  const words = byId("health-text");
  if (!response?.ok) {
    state.className = "health bad";
    words.textContent = "no connection";
    return;
  }
  const { workers, queued, running } = await response.json();
  state.className = `health ${workers ? "good" : "bad"}`;
  const work = running ? `${running} at work` : "ready";
  const people = workers === 0 ? "no worker" : workers === 1 ? "1 worker" : `${workers} workers`;
  words.textContent = `${people}, ${queued ? `${queued} waiting` : work}`;
}

// At most once in a while, however many events come.
function calmly(task, pause) {
  let timer = null;
  return () => {
    timer ??= setTimeout(() => {
      timer = null;
      task();
    }, pause);
  };
}

const refreshSoon = calmly(refresh, 1000);
const healthSoon = calmly(health, 300);

function connect() {
  const events = new EventSource("/v1/events");
  events.addEventListener("open", () => {
    contact = true;
    byId("offline").hidden = true;
    healthSoon();
  });
  events.addEventListener("resync", refresh);
  events.addEventListener("job", (event) => {
    const job = JSON.parse(event.data);
    hear(job);
    healthSoon();
    const queue = [...cards.values()].some((card) => card.job?.state === "queued");
    if (queue && job.state !== "queued" && job.progress === 0) refreshSoon();
  });
  events.addEventListener("error", () => {
    if (contact) byId("offline").hidden = false;
    health();
    if (events.readyState === EventSource.CLOSED) setTimeout(begin, 2000);
  });
}

/* The form */

function listen() {
  const drop = byId("drop");
  const files = byId("files");
  files.addEventListener("change", () => {
    take(files.files);
    files.value = "";
  });
  byId("form").addEventListener("submit", (event) => event.preventDefault());
  byId("form").addEventListener("input", (event) => {
    event.target.closest("label")?.classList.remove("wrong");
    event.target.removeAttribute("aria-invalid");
  });

  // Movies may be dropped anywhere.
  let depth = 0;
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => {
    if (!carriesFiles(event)) return;
    depth++;
    drop.classList.add("over");
  });
  addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    if (!depth) drop.classList.remove("over");
  });
  addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    depth = 0;
    drop.classList.remove("over");
    if (!carriesFiles(event)) return;
    event.preventDefault();
    take(event.dataTransfer.files);
  });

  const curl = byId("curl");
  curl.textContent = curl.textContent.replace("127.0.0.1:8080", location.host);
  const copy = byId("copy-curl");
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(curl.textContent);
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy"), 1500);
  });
}

listen();
listenToLogin();
begin();
health();
setInterval(health, 10_000);
