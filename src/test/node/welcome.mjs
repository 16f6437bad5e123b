// The welcome page in a real browser: two tabs, one per player, play the game to the end. Then the
// layout is checked in light and dark mode, on a phone, with the keyboard, and without script.
import assert from "node:assert/strict";
import { PHONE, colours, launch, open } from "./browser.mjs";
import { run } from "./client.mjs";
import { checkAccessibility, checkFocus, checkPointer } from "./page-checks.mjs";

// Animation frames do not run in a background tab, so poll on DOM changes.
const BY_CHANGE = { polling: "mutation" };

// The columns played in turn; the first player gets four in column 0.
const MOVES = [0, 1, 0, 1, 0, 1, 0];

run(async (base, executablePath, userDataDir) => {
  const browser = await launch(executablePath, userDataDir);
  try {
    const problems = [];
    const first = await open(browser, base, problems);
    await awaitStatus(first, "Open the second player");
    assert.equal(await text(first, "#players"), "0");
    assert.equal(await text(first, "#nodes"), "1");

    const address = await first.$eval("#invite", (link) => link.href);
    const second = await open(browser, address, problems);
    await play(first, second);

    // After a reload each tab is the same player in the same game; the server stores nothing of it.
    await second.reload();
    await awaitStatus(second, "The other player has won.");
    await press(second, "#again");
    await awaitStatus(first, "The other player's turn.");
    assert.deepEqual(await stones(first), []);
    await press(second, cell(3));
    await awaitStatus(first, "Your turn.");

    await checkLayout(first);
    await checkUse(first, problems);
    await checkWithoutScript(browser, base);
    assert.deepEqual(problems, []);
  } finally {
    await browser.close();
  }
});

async function play(first, second) {
  for (const [turn, column] of MOVES.entries()) {
    const [mover, other] = turn % 2 === 0 ? [first, second] : [second, first];
    await awaitStatus(mover, "Your turn.");
    await awaitStatus(other, "The other player's turn.");
    await press(mover, cell(column));
    await awaitStones(first, turn + 1);
    await awaitStones(second, turn + 1);
    assert.deepEqual(await stones(first), await stones(second));
  }
  await awaitStatus(first, "You have won.");
  await awaitStatus(second, "The other player has won.");
  assert.equal((await second.$$("#board .won")).length, 4);
}

/** The top cell of a column. */
const cell = (column) => `#board button:nth-child(${column + 1})`;

async function press(page, element) {
  await page.bringToFront();
  await page.click(element);
}

const text = (page, element) => page.$eval(element, (found) => found.textContent);

function awaitStatus(page, expectedText) {
  return page.waitForFunction(
    (expected) => document.getElementById("status").textContent.startsWith(expected),
    BY_CHANGE,
    expectedText,
  );
}

function awaitStones(page, count) {
  return page.waitForFunction(
    (expected) => document.querySelectorAll("#board .one, #board .two").length === expected,
    BY_CHANGE,
    count,
  );
}

/** The occupied cells with their players. */
function stones(page) {
  return page.$$eval("#board button", (cells) =>
    cells.flatMap((one, place) => (one.classList.length > 0 ? [`${place} ${one.classList[0]}`] : [])),
  );
}

async function checkLayout(page) {
  const light = await colours(page, "light");
  const dark = await colours(page, "dark");
  assert.ok(light.paper > light.ink + 0.5, `dark on light: ${JSON.stringify(light)}`);
  assert.ok(dark.ink > dark.paper + 0.5, `light on dark: ${JSON.stringify(dark)}`);

  await page.setViewport(PHONE);
  const { scrollWidth, targets } = await page.evaluate(() => ({
    scrollWidth: document.documentElement.scrollWidth,
    targets: [...document.querySelectorAll("#board button")].map((one) => one.offsetWidth),
  }));
  assert.equal(scrollWidth, PHONE.width, "no horizontal scrolling");
  assert.ok(Math.min(...targets) >= 24, `touch targets are large enough: ${Math.min(...targets)}`);
}

/** axe-core finds nothing, and all that the mouse reaches is reached by the keyboard. */
async function checkUse(page, problems) {
  const report = (problem) => problems.push(problem);
  await page.bringToFront();
  for (const scheme of ["light", "dark"]) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await checkAccessibility(page, false, report);
  }
  await checkPointer(page, report);
  await checkFocus({ page, client: await page.createCDPSession() }, false, report);
}

/** The game and the status need the script of the page, so they are not shown without it. */
async function checkWithoutScript(browser, base) {
  const page = await browser.newPage();
  await page.setJavaScriptEnabled(false);
  await page.goto(base);
  const shown = await page.$$eval(".live, .node, button", (all) => all.filter((one) => one.checkVisibility()).length);
  assert.equal(shown, 0);
}
