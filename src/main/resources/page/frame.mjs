// Starts the game in its frame. A signed-in game gets tokens of a session of its own, in the fragment of its address,
// which no server sees, and in the local storage; a game without a player gets none, also not those of an earlier one.
const KEYS = { access_token: "gamend_access_token", refresh_token: "gamend_refresh_token" };

const frame = document.getElementById("game");
const state = document.getElementById("frame-state");

async function tokens() {
  if (frame.dataset.guest === "true") return null;
  const answer = await fetch("/play/session", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ _csrf_token: frame.dataset.csrf }),
    redirect: "error",
  });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

try {
  const given = await tokens();
  for (const [name, key] of Object.entries(KEYS)) {
    if (given) localStorage.setItem(key, given[name]);
    else localStorage.removeItem(key);
  }
  frame.src = frame.dataset.address + (given ? `#${new URLSearchParams(given)}` : "");
} catch {
  state.textContent = state.dataset.failed;
}

document.getElementById("full").addEventListener("click", () => frame.requestFullscreen());
