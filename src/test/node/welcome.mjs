// The first page in a real browser: two tabs of one player each play the game to its end. Then it is
// looked at in the light and in the dark, and on a phone.
import assert from "node:assert/strict";
import { PHONE, colours, launch, open } from "./browser.mjs";
import { run } from "./client.mjs";

// Frames are not drawn in a tab behind another one.
const BY_CHANGE = { polling: "mutation" };

// Columns, in turn: the first player has four in the first one.
const MOVES = [0, 1, 0, 1, 0, 1, 0];

run(async (base, executablePath, userDataDir) => {
  const browser = await launch(executablePath, userDataDir);
  try {
    const bad = [];
    const first = await open(browser, base, bad);
    await says(first, "Open the second player");
    assert.equal(await text(first, "#players"), "0");
    assert.equal(await text(first, "#nodes"), "1");

    const address = await first.$eval("#invite", (link) => link.href);
    const second = await open(browser, address, bad);
    await play(first, second);

    // Without a word to the server: each is the same player after a reload, in the same game.
    await second.reload();
    await says(second, "The other player has won.");
    await press(second, "#again");
    await says(first, "The other player's turn.");
    assert.deepEqual(await stones(first), []);
    await press(second, cell(3));
    await says(first, "Your turn.");

    await looksRight(first);
    assert.deepEqual(bad, []);
  } finally {
    await browser.close();
  }
});

async function play(first, second) {
  for (const [turn, column] of MOVES.entries()) {
    const [mover, other] = turn % 2 === 0 ? [first, second] : [second, first];
    await says(mover, "Your turn.");
    await says(other, "The other player's turn.");
    await press(mover, cell(column));
    await shows(first, turn + 1);
    await shows(second, turn + 1);
    assert.deepEqual(await stones(first), await stones(second));
  }
  await says(first, "You have won.");
  await says(second, "The other player has won.");
  assert.equal((await second.$$("#board .won")).length, 4);
}

/** The top of a column. */
const cell = (column) => `#board button:nth-child(${column + 1})`;

async function press(page, element) {
  await page.bringToFront();
  await page.click(element);
}

const text = (page, element) => page.$eval(element, (found) => found.textContent);

function says(page, words) {
  return page.waitForFunction(
    (expected) => document.getElementById("status").textContent.startsWith(expected),
    BY_CHANGE,
    words,
  );
}

function shows(page, count) {
  return page.waitForFunction(
    (expected) => document.querySelectorAll("#board .one, #board .two").length === expected,
    BY_CHANGE,
    count,
  );
}

/** Where which stones lie. */
function stones(page) {
  return page.$$eval("#board button", (cells) =>
    cells.flatMap((one, place) => (one.classList.length > 0 ? [`${place} ${one.classList[0]}`] : [])),
  );
}

async function looksRight(page) {
  const light = await colours(page, "light");
  const dark = await colours(page, "dark");
  assert.ok(light.paper > light.ink + 0.5, `dark on light: ${JSON.stringify(light)}`);
  assert.ok(dark.ink > dark.paper + 0.5, `light on dark: ${JSON.stringify(dark)}`);

  await page.setViewport(PHONE);
  const { wide, holes } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    holes: [...document.querySelectorAll("#board button")].map((one) => one.offsetWidth),
  }));
  assert.equal(wide, PHONE.width, "nothing to scroll to the side");
  assert.ok(Math.min(...holes) >= 24, `large enough for a finger: ${Math.min(...holes)}`);
}
