"use strict";

// The parts that this script fills are hidden without it.
for (const part of document.querySelectorAll("[hidden]")) part.hidden = false;

// The server status.
const show = (id, text) => (document.getElementById(id).textContent = text);

async function refreshStatus() {
  try {
    const status = await (await fetch("/welcome/status")).json();
    for (const [name, value] of Object.entries(status)) show(name, value);
  } catch {
    show("players", "…");
  }
}
refreshStatus();
setInterval(refreshStatus, 5000);

// Four in a row, over the relay. The state is a round number and the list of columns played. A
// client that joins requests the state with "*"; of two states, the one with the later round or
// with more moves wins.
const COLUMNS = 7;
const ROWS = 6;
const board = document.getElementById("board");
const cells = [];
let state = { round: 0, moves: [] };
let peerSeen = false;
let socket;

const room = location.hash.slice(1).match(/^[a-z0-9]{12}$/)?.[0] ?? newRoom();
const seat = takeSeat();
document.getElementById("invite").href = location.pathname + "#" + room;

function newRoom() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  const name = Array.from(bytes, (n) => (n % 36).toString(36)).join("");
  // Stored for this tab, so that a reload keeps the seat.
  sessionStorage.setItem(name, "1");
  history.replaceState(null, "", "#" + name);
  return name;
}

function takeSeat() {
  return sessionStorage.getItem(room) === "1" ? 1 : 0;
}

function connect() {
  socket = new WebSocket(location.origin.replace(/^http/, "ws") + "/ws");
  socket.onopen = () => {
    socket.send(`* ${room}_${seat}`);
    socket.send("*");
    draw();
  };
  socket.onmessage = ({ data }) => onMessage(data);
  socket.onclose = () => {
    draw();
    setTimeout(connect, 1000);
  };
}

function onMessage(text) {
  if (text === "*") {
    peerSeen = true;
    sendState();
    draw();
    return;
  }
  const received = read(text);
  if (received === null) return;
  peerSeen = true;
  const newer =
    received.round > state.round ||
    (received.round === state.round && received.moves.length > state.moves.length);
  if (newer) state = received;
  draw();
}

function read(text) {
  try {
    const { round, moves } = JSON.parse(text);
    const valid =
      Number.isSafeInteger(round) &&
      Array.isArray(moves) &&
      moves.length <= COLUMNS * ROWS &&
      moves.every((column) => Number.isInteger(column) && column >= 0 && column < COLUMNS);
    return valid ? { round, moves } : null;
  } catch {
    return null;
  }
}

function sendState() {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(state));
}

// The host starts even rounds, the guest odd ones.
const nextSeat = () => (state.round + state.moves.length) % 2 === 0 ? 1 : 0;

function stones() {
  const columns = Array.from({ length: COLUMNS }, () => []);
  state.moves.forEach((column, turn) => {
    if (columns[column].length < ROWS) columns[column].push((state.round + turn) % 2 === 0 ? 1 : 0);
  });
  return columns;
}

function four(columns) {
  for (let x = 0; x < COLUMNS; x++) {
    for (let y = 0; y < ROWS; y++) {
      for (const [dx, dy] of [[1, 0], [0, 1], [1, 1], [1, -1]]) {
        const line = [0, 1, 2, 3].map((n) => [x + n * dx, y + n * dy]);
        const owner = columns[x][y];
        if (owner !== undefined && line.every(([a, b]) => columns[a]?.[b] === owner)) return line;
      }
    }
  }
  return null;
}

function play(column) {
  const columns = stones();
  if (nextSeat() !== seat || four(columns) || columns[column].length === ROWS) return;
  state = { round: state.round, moves: [...state.moves, column] };
  sendState();
  draw();
}

function draw() {
  const columns = stones();
  const line = four(columns);
  const full = state.moves.length === COLUMNS * ROWS;
  for (let y = ROWS - 1, i = 0; y >= 0; y--) {
    for (let x = 0; x < COLUMNS; x++, i++) {
      const owner = columns[x][y];
      const won = line?.some(([a, b]) => a === x && b === y);
      cells[i].className = (owner === undefined ? "" : owner === 1 ? "one" : "two") + (won ? " won" : "");
      cells[i].disabled = nextSeat() !== seat || line !== null || full;
      const label = owner === undefined ? "empty" : owner === seat ? "yours" : "theirs";
      const text = board.dataset.cell.replace("{column}", x + 1).replace("{row}", y + 1);
      cells[i].setAttribute("aria-label", text.replace("{state}", board.dataset[label]));
    }
  }
  show("status", statusText(line, columns, full));
}

// The texts are those of the page, in its language.
function statusText(line, columns, full) {
  const texts = document.getElementById("status").dataset;
  if (socket?.readyState !== WebSocket.OPEN) return texts.connecting;
  if (line) {
    const [x, y] = line[0];
    return columns[x][y] === seat ? texts.won : texts.lost;
  }
  if (full) return texts.draw;
  if (!peerSeen) return texts.alone;
  return nextSeat() === seat ? texts.own : texts.other;
}

for (let i = 0; i < COLUMNS * ROWS; i++) {
  const cell = document.createElement("button");
  cell.type = "button";
  cell.addEventListener("click", () => play(i % COLUMNS));
  cells.push(cell);
  board.append(cell);
}
document.getElementById("again").addEventListener("click", () => {
  state = { round: state.round + 1, moves: [] };
  sendState();
  draw();
});
window.addEventListener("hashchange", () => location.reload());
connect();
draw();
