// Keeps a part of a page up to date. The server renders it; it waits while somebody types or has the focus in it.
// Readers of the same thing do not all ask at the same time.
import { follow } from "./socket.mjs";

const FETCH_EVERY_MS = 400;
// Where the page is: after a form of a lobby was refused, the address is that of the form, which only takes forms.
const address = location.href.replace(/#.*/, "").replace(/(\/play\/lobbies\/[0-9]+)\/[a-z]+(?=\?|$)/, "$1");
let waiting = null;

const part = () => document.querySelector(".live-part[data-live]");
const isBusy = () => part()?.contains(document.activeElement) ?? false;

async function refresh() {
  waiting = null;
  if (isBusy()) {
    soon();
    return;
  }
  const id = part()?.id;
  if (!id) return;
  try {
    const answer = await fetch(address, { headers: { "x-part": id }, redirect: "manual" });
    if (!answer.ok) {
      // What is shown is gone, or is no longer shown to this player: the page says so.
      if (answer.status === 404) location.replace(address);
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
    if (fresh && !isBusy()) {
      const status = document.getElementById("live-status");
      if (status && fresh.dataset.status !== part()?.dataset.status) status.textContent = fresh.dataset.status;
      part()?.replaceWith(document.adoptNode(fresh));
    }
  } catch {
    // The line is lost; the socket tells of changes again when it is back.
  }
}

function soon() {
  // What is shown may be live no more: the season of a board has ended.
  if (!part() || waiting !== null) return;
  if (document.hidden) {
    waiting = 0;
    document.addEventListener("visibilitychange", refresh, { once: true });
    return;
  }
  waiting = setTimeout(refresh, FETCH_EVERY_MS + Math.random() * Number(part().dataset.spread ?? 0));
}

follow(part().dataset.live, { changed: soon });
