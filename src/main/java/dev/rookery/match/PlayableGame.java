package dev.rookery.match;

import dev.rookery.game.GameInfo;

/**
 * A game for which rooms can be opened.
 *
 * @param info of its active version
 * @param page whether that version has static files, so that browsers can play it
 */
public record PlayableGame(GameInfo info, boolean page) {}
