// The page: hands movies over, follows their jobs by one stream of events, shows the GIFs.

import { look } from "./live.js";
import { prepare, preparing } from "./prepare.js";
import { ask, askForToken, byId, bytes, calmly, kinds, read, seconds, speak } from "./words.js";

const SENDING_AT_ONCE = 2;
const PAGE = 24;
const LARGEST_PAGE = 200;
const NAMES = "gifbroker.names";

const cards = new Map();
const waiting = [];
let sending = 0;
let contact = false;
let room = PAGE;

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

function left(job) {
  if (job.progress < 0.05 || job.runTimeMs < 800) return "";
  return `, ${seconds((job.runTimeMs * (1 - job.progress)) / job.progress)} left`;
}

/* A card shows one movie on its way to a GIF */

class Card {
  constructor(name) {
    this.element = byId("card").content.firstElementChild.cloneNode(true);
    this.name = name;
    this.job = null;
    this.request = null;
    this.file = null;
    this.part(".name").textContent = name;
    this.part(".name").title = name;
    this.action("cancel").addEventListener("click", () => this.cancel());
    this.action("remove").addEventListener("click", () => this.remove());
    this.action("again").addEventListener("click", () => this.again());
    this.action("copy").addEventListener("click", () => this.copyLink());
    const image = this.part("img");
    image.addEventListener("load", () => {
      this.part("video").hidden = true;
      this.part(".poster").hidden = true;
      this.describe();
    });
    this.part(".poster").addEventListener("error", () => (this.part(".poster").hidden = true));
  }

  /** Whether somebody here waits for it. */
  get awaited() {
    return this.file !== null || (this.mine && !this.job?.finishedAt);
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
      video.hidden = this.part("img").complete && !this.part("img").hidden;
    });
    video.src = URL.createObjectURL(file);
  }

  endPreview() {
    const video = this.part("video");
    if (video.src) URL.revokeObjectURL(video.src);
    video.removeAttribute("src");
    video.load(); // or it goes on asking for what is revoked
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

  /** What comes or came out, by its name in the API. */
  get format() {
    return this.job.options.format ?? "gif";
  }

  done(before) {
    if (before?.state === "succeeded") return;
    if (this.format === "mp4") this.showMovie();
    else this.showImage();
    this.part("progress").hidden = true;
    this.offer("download", "remove", ...(navigator.clipboard ? ["copy"] : []));
    const link = this.action("download");
    link.download = `${this.name.replace(/\.[^.]*$/, "")}.${this.format}`;
    link.href = `${this.job.links.result}?filename=${encodeURIComponent(link.download)}`;
    this.describe();
    if (before && this.mine) speak(`${this.name} is done`);
  }

  showImage() {
    const image = this.part("img");
    image.alt = `The ${kinds[this.format]} of ${this.name}`;
    image.src = this.job.links.result;
    // One that is hidden would never be loaded, since that waits until it comes into sight.
    image.hidden = false;
    // Its first frame is there long before all of it is.
    const poster = this.part(".poster");
    poster.src = this.job.links.poster;
    poster.hidden = false;
  }

  showMovie() {
    this.endPreview();
    const video = this.part("video");
    video.removeAttribute("aria-hidden");
    video.setAttribute("aria-label", `The MP4 of ${this.name}`);
    video.addEventListener("loadedmetadata", () => this.describe());
    video.controls = true;
    video.loop = true;
    video.poster = this.job.links.poster;
    video.src = this.job.links.result;
    video.hidden = false;
  }

  describe() {
    const image = this.part("img");
    const video = this.part("video");
    const [width, height] =
      this.format === "mp4" ? [video.videoWidth, video.videoHeight] : [image.naturalWidth, image.naturalHeight];
    const { resultBytes, runTimeMs, worker } = this.job;
    const facts = [bytes(resultBytes)];
    // A GIF that was there already had no worker.
    if (worker) facts.push(seconds(runTimeMs), worker.replaceAll("-", "\u2011"));
    if (width) facts.unshift(`${width} \u00d7 ${height}`);
    this.say("succeeded", facts.join(" \u00b7 "));
  }

  fail(problem) {
    this.endPreview();
    const detail = problem.detail && problem.detail !== problem.title ? problem.detail : "";
    this.say("failed", detail || problem.title);
    this.offer("remove", ...(this.file ? ["again"] : []));
    if (this.mine) speak(`${this.name} failed: ${problem.title}`);
  }

  /** The server no longer knows the job. */
  lose() {
    if (this.job.finishedAt) this.vanish();
    else this.fail({ title: "The server was restarted and no longer has this movie. Please send it again." });
    cards.delete(this.job.id);
  }

  /** Movies that the server did not take are still here. */
  again() {
    this.vanish();
    prepare([this.file], take, { query: this.query, problem: this.problem });
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

/* Handing movies over */

/** Takes movies with their options, as prepared. */
function take(movies) {
  for (const { file, query } of [...movies].reverse()) {
    const card = new Card(file.name);
    card.mine = true;
    card.file = file;
    card.query = query;
    card.say("sending", `Waiting to be sent, ${bytes(file.size)}`, 0);
    card.offer("cancel");
    card.preview(file);
    byId("cards").prepend(card.element);
    waiting.push(card);
  }
  room += movies.length;
  makeRoom();
  waiting.sort((a, b) => (a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1));
  sendNext();
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
    sendNext();
  });
  request.send(card.file);
}

function accept(card, job) {
  names.set(job.id, card.name);
  const twin = cards.get(job.id);
  if (twin) twin.element.remove();
  cards.set(job.id, card);
  card.file = null;
  card.show(twin?.job ?? job);
}

function refuse(card, problem) {
  card.problem = problem;
  card.fail(problem);
  if (problem.code === "invalid-option" && !preparing()) card.again();
}

/* Hearing from the server */

/* Logging in, where the server asks for a token. What it gives for that is a cookie that this script cannot read. */

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

/** Shows a job where it belongs, the newest first. */
function place(job) {
  const known = cards.get(job.id);
  if (known) {
    known.show(job);
    return;
  }
  const card = new Card(names.get(job.id) ?? `Movie of ${new Date(job.createdAt).toLocaleTimeString()}`);
  // Ids rise.
  const older = [...cards].filter(([id]) => id < job.id).sort(([a], [b]) => (a < b ? 1 : -1));
  byId("cards").insertBefore(card.element, older[0]?.[1].element ?? null);
  cards.set(job.id, card);
  card.show(job);
}

/** Takes away what is too old to be shown, so that the page stays small however long it is open. */
function trim() {
  const list = byId("cards");
  const shown = new Map([...cards.values()].map((card) => [card.element, card]));
  for (let element = list.lastElementChild; element && list.childElementCount > room; ) {
    const card = shown.get(element);
    element = element.previousElementSibling;
    if (!card || card.awaited || card.element.contains(document.activeElement)) continue;
    card.element.remove();
    cards.delete(card.job.id);
    byId("older").hidden = false;
  }
  makeRoom();
}

async function list(limit, before) {
  const response = await ask("GET", `/v1/jobs?limit=${limit}${before ? `&before=${before}` : ""}`);
  return response?.ok ? response.json() : null;
}

/** Looks at the newest jobs. */
async function refresh() {
  const page = await list(Math.min(room, LARGEST_PAGE));
  if (!page) return null;
  page.jobs.forEach(place);
  if (page.next) byId("older").hidden = false;
  else if (page.jobs.length < room) byId("older").hidden = true;
  trim();
  return new Set(page.jobs.map((job) => job.id));
}

/** Looks at all that is shown: a server that was restarted may know none of it. */
async function resync() {
  const listed = await refresh();
  if (!listed) return;
  for (const card of [...cards.values()]) {
    if (listed.has(card.job.id)) continue;
    const answer = await ask("GET", card.job.links.self);
    if (answer?.ok) card.show(await answer.json());
    else if (answer?.status === 404) card.lose();
  }
}

async function showOlder() {
  const oldest = [...byId("cards").children].at(-1);
  const card = [...cards.values()].find(({ element }) => element === oldest);
  const page = await list(PAGE, card?.job.id);
  if (!page) return;
  room += PAGE;
  page.jobs.forEach(place);
  byId("older").hidden = !page.next;
  oldest?.nextElementSibling?.focus();
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

const refreshSoon = calmly(refresh, 1000);
const healthSoon = calmly(health, 300);

function connect() {
  const events = new EventSource("/v1/events");
  events.addEventListener("open", () => {
    contact = true;
    turn();
    byId("offline").hidden = true;
    healthSoon();
  });
  events.addEventListener("resync", resync);
  events.addEventListener("job", (event) => {
    const job = JSON.parse(event.data);
    healthSoon();
    const known = cards.get(job.id);
    known?.show(job);
    // A job that is not known is new, or our own and heard of before the answer that names it. And where one has left the queue, others move up.
    const queue = [...cards.values()].some((card) => card.job.state === "queued");
    if (!known || (queue && job.state !== "queued" && job.progress === 0)) refreshSoon();
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
    prepare(files.files, take);
    files.value = "";
  });
  byId("older").addEventListener("click", showOlder);

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
    prepare(event.dataTransfer.files, take);
  });

  const curl = byId("curl");
  curl.textContent = curl.textContent.replace(
    "127.0.0.1:8080",
    location.protocol === "https:" ? location.origin : location.host,
  );
  const copy = byId("copy-curl");
  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(curl.textContent);
    copy.textContent = "Copied";
    setTimeout(() => (copy.textContent = "Copy"), 1500);
  });
}

/* The two views */

function turn() {
  const live = location.hash === "#live";
  byId("view-live").hidden = !live;
  byId("view-gifs").hidden = live;
  for (const link of document.querySelectorAll(".views a")) {
    if (link.hash === (live ? "#live" : "#gifs")) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  // Not before it is known that this page is logged in, where that is asked for.
  look(live && contact);
}

addEventListener("hashchange", turn);
document.addEventListener("visibilitychange", turn);

listen();
listenToLogin();
turn();
begin();
health();
setInterval(health, 10_000);
