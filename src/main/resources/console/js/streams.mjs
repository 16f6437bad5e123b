// Appends the events of a followed stream, in the order of their offsets. Follows the end while the reader is there.
const ROWS_MAX = 2_000;

const rows = document.querySelector("#stream-rows");
const frame = document.querySelector("#events");
const template = document.querySelector("#stream-row");
const region = rows?.closest("[data-live]");
const topic = document.querySelector("#topic")?.value;

/** A line of the live region, as the server describes it in StreamRows. */
function read([epoch, order, at, type, actor, size, payload, note, stream, offset]) {
  const isFeed = stream !== undefined;
  const place = new URLSearchParams({ topic: isFeed ? stream : topic, tab: "sent", epoch, offset: offset ?? order });
  return {
    key: isFeed ? String(order) : `${epoch}-${order}`,
    epoch,
    order,
    label: !isFeed ? String(order) : stream ? `${stream} ${offset}` : "not stored",
    href: stream === "" ? "" : `/admin/streams?${place}`,
    at: new Date(at).toISOString(),
    type,
    actor,
    size,
    payload,
    note,
  };
}

function fill(line) {
  const row = template.content.firstElementChild.cloneNode(true);
  row.id = `e-${line.key}`;
  row.dataset.row = line.order;
  const [place, time, type, actor, size, payload] = row.children;
  const [link, note] = place.children;
  link.textContent = line.label;
  if (line.href) link.href = line.href;
  note.textContent = line.note;
  note.hidden = !line.note;
  time.firstElementChild.dateTime = line.at;
  time.firstElementChild.title = line.at;
  time.firstElementChild.textContent = line.at.slice(11, 19);
  type.textContent = line.type;
  actor.firstElementChild.textContent = line.actor;
  size.textContent = line.size;
  payload.firstElementChild.textContent = line.payload;
  return row;
}

/** A row that says what is not shown. */
function remark(text) {
  const row = document.createElement("tr");
  const cell = document.createElement("td");
  cell.colSpan = 6;
  cell.className = "muted";
  cell.textContent = text;
  row.append(cell);
  return row;
}

/** What was missed may arrive after newer events. */
function insert(row) {
  let next = null;
  for (let last = rows.lastElementChild; last; last = last.previousElementSibling) {
    if (Number(last.dataset.row ?? 0) <= Number(row.dataset.row)) break;
    next = last;
  }
  rows.insertBefore(row, next);
}

region?.addEventListener("live-message", ({ detail: { lines = [] } }) => {
  if (lines.length === 0) return;
  const atEnd = frame.scrollHeight - frame.scrollTop - frame.clientHeight < 40;
  const from = JSON.parse(region.dataset.liveFrom ?? "{}");
  for (const sent of lines) {
    if (typeof sent === "string") {
      rows.append(remark(sent));
      continue;
    }
    const line = read(sent);
    if (document.getElementById(`e-${line.key}`)) continue;
    insert(fill(line));
    if (from.epoch !== undefined) {
      const { epoch, order } = line;
      if (epoch !== from.epoch || order > from.offset) Object.assign(from, { epoch, offset: order });
    }
  }
  region.dataset.liveFrom = JSON.stringify(from);
  while (rows.children.length > ROWS_MAX) rows.firstElementChild.remove();
  if (atEnd) frame.scrollTop = frame.scrollHeight;
});

if (frame) frame.scrollTop = frame.scrollHeight;
