package dev.rookery.console;

import dev.rookery.base.PlayerId;

/** What an admin has written down about a player. */
public record PlayerNote(long id, PlayerId player, PlayerId author, String text, long createdMs) {}
