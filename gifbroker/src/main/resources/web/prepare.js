// The dialog in which movies get their options before they are sent: which part, how wide, how fast.

import { byId, kinds, seconds } from "./words.js";

const dialog = byId("prepare");
const form = byId("form");
const video = byId("screen");
const from = byId("from");
const to = byId("to");

/** Width and frames per second unless others are asked for. */
const usual = { small: [320, 10], "": [480, 12.5], best: [640, 20] };

let movies = [];
let shown = null;
let held = null;
let send = null;

/** A time as people write it, in seconds: 90, 1:30, 0:01:30.5; null if it is none. */
function time(text) {
  if (!/^(\d+:){0,2}\d+(\.\d*)?$/.test(text)) return null;
  return text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

const field = (name) => form.elements[name];
const value = (name) => field(name).value.trim();
const short = (number) => String(Math.round(number * 100) / 100);

/**
 * Lets a person choose options for movies, and hands each of them over with its own.
 *
 * @param files the movies
 * @param then is called with a list of {file, query}
 * @param before the query that they were sent with before, and the problem that the server had with it
 */
export function prepare(files, then, before) {
  if (!files.length) return;
  const query = new URLSearchParams(before?.query);
  if (!dialog.open) {
    movies = [];
    send = then;
    if (before) form.reset();
    for (const [name, text] of query) {
      if (field(name).type === "checkbox") field(name).checked = text === "true";
      else field(name).value = text;
    }
    dialog.showModal();
  }
  for (const file of files) movies.push({ file, start: query.get("start") ?? "", duration: query.get("duration") ?? "" });
  listMovies();
  show(shown && movies.includes(shown) ? shown : movies[0]);
  complain(before?.problem);
}

export const preparing = () => dialog.open;

function listMovies() {
  const list = byId("movies");
  list.hidden = movies.length === 1;
  list.replaceChildren(
    ...movies.map((movie) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = movie.file.name;
      button.addEventListener("click", () => show(movie));
      movie.button = button;
      return button;
    }),
  );
}

function keepPart() {
  if (!shown) return;
  shown.start = value("start");
  shown.duration = value("duration");
}

function show(movie) {
  if (movie !== shown) {
    keepPart();
    shown = movie;
    leaveScreen();
    video.src = URL.createObjectURL(movie.file);
  }
  byId("prepare-title").textContent = movie.file.name;
  for (const each of movies) each.button.setAttribute("aria-pressed", each === movie);
  field("start").value = movie.start;
  field("duration").value = movie.duration;
  follow();
}

function leaveScreen() {
  if (video.src) URL.revokeObjectURL(video.src);
  video.removeAttribute("src");
  video.load();
  form.classList.remove("playable", "unplayable");
}

function complain(problem) {
  const detail = problem?.detail ?? "";
  byId("complaint").textContent = detail;
  const name = /^(\w+):/.exec(detail)?.[1];
  const wrong = name && field(name);
  if (wrong) {
    if (byId("further").contains(wrong)) byId("further").open = true;
    wrong.setAttribute("aria-invalid", "true");
    wrong.focus();
  }
}

/* The part that is chosen */

const length = () => (Number.isFinite(video.duration) ? video.duration : 0);

/** The chosen part, in seconds; all of the movie where nothing is said. */
function part() {
  const start = Math.min(time(value("start")) ?? 0, length());
  const end = Math.min(start + (time(value("duration")) ?? Infinity), length());
  return { start, end };
}

/** Moves handles and words to where the fields are. */
function follow() {
  const { start, end } = part();
  for (const [handle, at] of [
    [from, start],
    [to, end],
  ]) {
    handle.max = length();
    handle.value = at;
    handle.setAttribute("aria-valuetext", seconds(at * 1000));
  }
  const track = byId("track");
  track.style.setProperty("--from", length() ? start / length() : 0);
  track.style.setProperty("--to", length() ? end / length() : 1);
  followOptions();
  estimate(end - start);
}

/** Shows what the options mean for each other, and which of the folded ones are set. */
function followOptions() {
  const [width, rate] = usual[value("quality")];
  const movie = value("format") === "mp4";
  field("width").placeholder = value("height") ? "fits" : width;
  field("fps").placeholder = movie ? 2 * rate : rate;
  field("loop").disabled = movie;
  const kind = kinds[value("format") || "gif"];
  byId("make").textContent = movies.length === 1 ? `Make the ${kind}` : `Make ${movies.length} ${kind}s`;
  const set = [...byId("further").querySelectorAll("[name]")].filter(
    (option) => !option.disabled && (option.type === "checkbox" ? option.checked : option.value.trim()),
  );
  byId("chosen").textContent = set.map(({ name }) => name).join(", ");
}

/** Width and height in pixels of what is made, or null where the movie is not known. */
function pictureSize() {
  const crop = /^(\d+):(\d+)(:\d+:\d+)?$/.exec(value("crop"));
  const shown = crop ? [Number(crop[1]), Number(crop[2])] : [video.videoWidth, video.videoHeight];
  const shape = shown[1] / shown[0];
  if (!(shape > 0)) return null;
  const asked = Math.min(Number(value("width")) || Infinity, Number(value("height")) / shape || Infinity);
  const width = asked < Infinity ? asked : Math.min(usual[value("quality")][0], shown[0]);
  const even = value("format") === "mp4" ? 2 : 1;
  return [width, width * shape].map((side) => even * Math.round(side / even));
}

function estimate(duration) {
  const rate = Number(value("fps") || field("fps").placeholder);
  const time = duration / (Number(value("speed")) || 1);
  const words = [];
  if (time > 0) words.push(seconds(time * 1000));
  if (pictureSize()) words.push(pictureSize().join(" \u00d7 "));
  if (time > 0 && rate > 0) words.push(`${Math.ceil(time * rate)} frames`);
  byId("estimate").textContent = words.join(" \u00b7 ");
}

/** A handle was moved: at least a tenth of a second is left between the two. */
function slide(handle) {
  const gap = Math.min(0.1, length());
  if (handle === from) from.value = Math.min(from.value, to.value - gap);
  else to.value = Math.max(to.value, Number(from.value) + gap);
  const start = Number(from.value);
  const end = Number(to.value);
  field("start").value = start > 0 ? short(start) : "";
  field("duration").value = end < length() - 0.005 ? short(end - start) : "";
  held = handle;
  video.pause();
  video.currentTime = handle.value;
  follow();
}

function release() {
  if (held) play();
  held = null;
}

function play() {
  const { start, end } = part();
  if (video.currentTime < start || video.currentTime >= end - 0.02) video.currentTime = start;
  video.play().catch(() => {});
}

function repeat() {
  const { start, end } = part();
  if (!held && (video.currentTime >= end || video.currentTime < start - 0.25)) {
    video.currentTime = start;
    if (video.ended) play();
  }
}

/* What people do */

video.addEventListener("loadedmetadata", () => {
  const playable = video.videoWidth > 0 && length() > 0;
  form.classList.toggle("playable", playable);
  form.classList.toggle("unplayable", !playable);
  follow();
  if (playable && !matchMedia("(prefers-reduced-motion: reduce)").matches) play();
});
video.addEventListener("error", () => {
  if (video.hasAttribute("src")) form.classList.add("unplayable");
});
video.addEventListener("timeupdate", repeat);
video.addEventListener("ended", repeat);
for (const name of ["play", "pause"]) {
  video.addEventListener(name, () => (byId("play").textContent = video.paused ? "Play" : "Pause"));
}
byId("play").addEventListener("click", () => (video.paused ? play() : video.pause()));

for (const handle of [from, to]) {
  handle.addEventListener("input", () => slide(handle));
  handle.addEventListener("change", release);
}
form.addEventListener("input", (event) => {
  event.target.removeAttribute("aria-invalid");
  byId("complaint").textContent = "";
  if (event.target.type !== "range") follow();
});
// Enter in a field sends the movies; the first button of the form would cancel.
form.addEventListener("submit", (event) => {
  event.preventDefault();
  keepPart();
  const common = [...new FormData(form)].filter(([name, text]) => text.trim() && name !== "start" && name !== "duration");
  const made = movies.map(({ file, start, duration }) => {
    const query = new URLSearchParams(common.map(([name, text]) => [name, text.trim()]));
    if (start) query.set("start", start);
    if (duration) query.set("duration", duration);
    return { file, query: query.toString() };
  });
  dialog.close();
  send(made);
});
byId("forget").addEventListener("click", () => dialog.close());
dialog.addEventListener("close", () => {
  leaveScreen();
  shown = null;
});
