"use strict";
// Search as one types: asks for the hits of the form as it stands, once typing rests; without this the form works by itself.

const PAUSE = 250; // milliseconds without a key
const form = document.getElementById("search");
const hits = document.getElementById("hits");
let waiting = 0;
let asking = new AbortController();

function query() {
  const filled = [...new FormData(form)].filter(([, value]) => value !== "");
  return new URLSearchParams(filled).toString();
}

async function ask() {
  asking.abort();
  asking = new AbortController();
  const asked = query();
  let reply;
  try {
    reply = await fetch(`${form.dataset.hits}?${asked}`, { signal: asking.signal, credentials: "same-origin" });
  } catch (error) {
    if (error.name !== "AbortError") tell("The site does not answer. Is it still running?");
    return;
  }
  if (reply.redirected) return location.reload(); // signed out meanwhile
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  const told = page.getElementById("main");
  hits.replaceChildren(...(told ? [...told.querySelectorAll("p")] : [...page.body.childNodes]));
  history.replaceState(null, "", `${form.getAttribute("action")}?${asked}`);
}

function tell(words) {
  const line = document.createElement("p");
  line.textContent = words;
  hits.replaceChildren(line);
}

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(ask, PAUSE);
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(waiting);
  ask();
});
