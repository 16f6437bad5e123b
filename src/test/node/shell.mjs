// The play shell in a real browser: two guests meet in a room, play tic-tac-toe to the end in the page of the game, and
// the first of them, who is an admin, looks at an earlier view and goes on from there.
import assert from "node:assert/strict";
import { DESKTOP, PHONE, checkKeyboardAccess, checkLayout, launch, open } from "./browser.mjs";
import { run } from "./client.mjs";

// Animation frames do not run in a background tab, so poll on DOM changes.
const BY_CHANGE = { polling: "mutation", timeout: 60_000 };

run(async (base, executablePath, userDataDir) => {
  const browser = await launch(executablePath, userDataDir);
  try {
    const problems = [];
    const host = await open(browser, `${base}/play/tic-tac-toe`, problems);
    await follow(host, 'form[action="/play/guest"] button');
    await checkLayout(host);
    await follow(host, "#open");
    await host.waitForSelector("#take-0");
    await fitsOnPhones(host);

    const guest = await open(await browser.createBrowserContext(), host.url(), problems);
    await guest.evaluateOnNewDocument(rememberSockets);
    await follow(guest, 'form[action="/play/guest"] button');
    await startMatch(host, guest);
    await playToTheEnd(host, guest);

    await lookBack(host, `${host.url()}/timeline`);
    const refused = await guest.goto(`${guest.url()}/timeline`);
    assert.equal(refused.status(), 422);
    assert.deepEqual(problems.filter((problem) => !problem.includes("422")), []);
  } finally {
    await browser.close();
  }
});

/** Without emulating a phone, which loads the page again: a host who leaves the lobby closes the room. */
async function fitsOnPhones(page) {
  await page.setViewport({ width: PHONE.width, height: PHONE.height });
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), PHONE.width);
  await page.setViewport(DESKTOP);
}

async function follow(page, control) {
  await page.bringToFront();
  await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.click(control)]);
}

async function press(page, control) {
  await page.bringToFront();
  await (await page.waitForSelector(control)).press("Enter");
}

/** Runs in the page before its scripts. */
function rememberSockets() {
  window.sockets = [];
  window.WebSocket = class extends WebSocket {
    constructor(url) {
      super(url);
      window.sockets.push(this);
    }
  };
}

async function startMatch(host, guest) {
  const take = await host.waitForSelector("#take-0");
  await pressWhileDisconnected(guest, "#take-1");
  await guest.waitForSelector("#leave-1");
  // What others do in the lobby leaves this control in its place.
  await host.waitForSelector("#clear-1");
  await host.bringToFront();
  await take.press("Enter");
  await press(host, "#ready");
  await press(guest, "#ready");
  await press(host, "#start:not([disabled])");
}

async function pressWhileDisconnected(page, control) {
  await page.waitForSelector(control);
  await page.evaluate((selector) => {
    window.sockets.at(-1).close();
    document.querySelector(selector).click();
  }, control);
}

async function playToTheEnd(host, guest) {
  const pages = [host, guest];
  const frames = [];
  for (const page of pages) frames.push(await (await page.waitForSelector("iframe")).contentFrame());
  for (const [turn, square] of [0, 3, 1, 4, 2].entries()) {
    const player = turn % 2;
    await says(frames[player], "Your turn");
    const button = `#board button:nth-child(${square + 1})`;
    await pages[player].bringToFront();
    await frames[player].focus(button);
    await pages[player].keyboard.press("Enter");
  }
  await says(frames[0], "You have won.");
  await says(frames[1], "The other player has won.");
  await says(host, 'The match is over: {"winner":"0"}');
  // The sandbox keeps the page of a game from what belongs to the server.
  assert.equal(await frames[0].evaluate(() => origin), "null");
}

function says(page, expectedText) {
  return page.waitForFunction(
    (expected) => document.getElementById("status").textContent.startsWith(expected),
    BY_CHANGE,
    expectedText,
  );
}

async function lookBack(page, address) {
  await page.bringToFront();
  await page.goto(address);
  await page.waitForSelector("#timeline:not([hidden])");
  await page.waitForSelector('#view[data-revision="5"]');
  await fitsOnPhones(page);
  await checkKeyboardAccess(page);
  await page.focus("#revision");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.waitForSelector('#view[data-revision="1"]');
  await page.select("#seat", "1");
  const view = JSON.parse(await page.$eval("#view", (shown) => shown.textContent));
  assert.deepEqual(view.board, [["X", null, null], [null, null, null], [null, null, null]]);
  assert.equal(view.myMark, "O");
  await press(page, "#fork");
  await page.waitForSelector("#forked:not([hidden])");
  assert.match(await page.$eval("#forked", (link) => link.pathname), /^\/play\/tic-tac-toe\/room_/);
}
