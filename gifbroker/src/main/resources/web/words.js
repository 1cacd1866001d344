// What all parts of the page use: numbers in words, and talking to the server.

export const byId = (id) => document.getElementById(id);

/** What can come out, by its name in the API. */
export const kinds = { gif: "GIF", webp: "WebP", mp4: "MP4" };

export function bytes(count) {
  if (count < 1e3) return `${count} bytes`;
  if (count < 1e6) return `${Math.round(count / 1e3)} kB`;
  return `${(count / 1e6).toFixed(1)} MB`;
}

export function seconds(milliseconds) {
  const time = milliseconds / 1000;
  if (time >= 90) return `${Math.floor(time / 60)} min ${Math.round(time % 60)} s`;
  return `${time < 9.95 ? time.toFixed(1) : Math.round(time)} s`;
}

/** For those who hear the page instead of seeing it. */
export function speak(words) {
  byId("spoken").textContent = words;
}

/** JSON, or null if it is none. */
export function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Where the server asks for a token: what it gives for that is a cookie that no script can read. */
export function askForToken() {
  if (!byId("login").open) byId("login").showModal();
}

/** The response, or null if the server does not answer. */
export async function ask(method, path, headers = {}) {
  try {
    const response = await fetch(path, { method, headers });
    if (response.status === 401 && !headers.Authorization) askForToken();
    return response;
  } catch {
    return null;
  }
}

/** Does a task at most once in a while, however often it is asked for. */
export function calmly(task, pause) {
  let timer = null;
  return () => {
    timer ??= setTimeout(() => {
      timer = null;
      task();
    }, pause);
  };
}
