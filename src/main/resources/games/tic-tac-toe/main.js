// The page of tic-tac-toe. The page that opens it hands over the room and a token in the fragment of the address, as
// every page of a game gets them.

const PREFIX = "#openturn-bridge=";
const CLOSED = { sessionEnded: 4001, returningToLobby: 4013 };
const RECONNECT_MS = 500;

const status = document.getElementById("status");
const board = document.getElementById("board");
const bridge = JSON.parse(atob(decodeURIComponent(location.hash.slice(PREFIX.length))));
let token = bridge.token;
let socket = null;
let snapshot = null;
let actions = 0;

const squares = Array.from({ length: 9 }, (_, place) => {
  const square = document.createElement("button");
  square.type = "button";
  square.addEventListener("click", () => play(Math.floor(place / 3), place % 3));
  board.append(square);
  return square;
});

function connect() {
  const url = new URL(bridge.websocketURL);
  url.searchParams.set("token", token);
  socket = new WebSocket(url);
  socket.addEventListener("message", (event) => receive(JSON.parse(event.data)));
  socket.addEventListener("close", (event) => {
    if (event.code === CLOSED.returningToLobby || event.code === CLOSED.sessionEnded) {
      status.textContent = "The match has ended.";
    } else {
      status.textContent = "Connecting …";
      setTimeout(refreshToken, RECONNECT_MS);
    }
  });
}

/** Asks the page around this one for another token; a token for a seat does not last long. */
function refreshToken() {
  if (parent === window) {
    connect();
    return;
  }
  const { roomID, userID, scope, parentOrigin } = bridge;
  const requestID = String(performance.now());
  const answered = (event) => {
    if (event.source === parent && event.data?.requestID === requestID) {
      removeEventListener("message", answered);
      token = event.data.token ?? token;
      connect();
    }
  };
  addEventListener("message", answered);
  const type = "openturn:bridge:token-refresh-request";
  parent.postMessage({ type, requestID, roomID, userID, scope }, parentOrigin ?? "*");
}

function receive(message) {
  if (message.type === undefined) {
    show(message);
  } else if (message.type === "batch_applied") {
    show(message.snapshot);
  } else if (message.type === "action_rejected") {
    status.textContent = `Not possible: ${message.reason ?? message.error}.`;
  }
}

function show(next) {
  snapshot = next;
  const mine = isMyTurn();
  squares.forEach((square, place) => {
    const mark = next.G.board[Math.floor(place / 3)][place % 3];
    square.textContent = mark ?? "";
    const name = `Row ${Math.floor(place / 3) + 1}, column ${(place % 3) + 1}: ${mark ?? "free"}`;
    square.setAttribute("aria-label", name);
    square.setAttribute("aria-disabled", String(!mine || mark !== null));
  });
  status.textContent = describe(next, mine);
}

const isMyTurn = () => snapshot?.derived.activePlayers.includes(bridge.playerID) ?? false;

function describe({ result, G }, mine) {
  if (result?.draw) return "A draw.";
  if (result) return result.winner === bridge.playerID ? "You have won." : "The other player has won.";
  return mine ? `Your turn, with ${G.myMark}.` : "The other player's turn.";
}

function play(row, col) {
  if (!isMyTurn() || snapshot.G.board[row][col] !== null || socket.readyState !== WebSocket.OPEN) return;
  actions++;
  const { roomID, playerID } = bridge;
  const action = { type: "action", matchID: roomID, playerID, event: "placeMark", payload: { row, col } };
  socket.send(JSON.stringify({ ...action, clientActionID: `client_${actions}` }));
}

connect();
