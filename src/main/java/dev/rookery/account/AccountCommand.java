package dev.rookery.account;

import dev.rookery.auth.AuthCommand;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.player.Export;
import dev.rookery.player.Timeline;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commands that concern a player in every domain: ban, data export and account deletion. */
public sealed interface AccountCommand<R> extends Command<R> {
  String ADDRESS = "account";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** Bans a player as {@link AuthCommand.Ban} does, and removes them from their lobby. */
  record Ban(PlayerId player, PlayerId by, String reason, @Nullable Long untilMs)
      implements AccountCommand<Done> {}

  /**
   * Reads the next chunk of a player's data export: one JSON object with all stored data of the
   * player, by {@link Export section}. Too many exports are {@code Limited("too_many_exports")}; an
   * unknown player is {@code Missing("not_found")}.
   *
   * @param from the cursor of the previous chunk; null to begin
   */
  record ExportData(PlayerId player, @Nullable ExportCursor from)
      implements AccountCommand<ExportChunk> {}

  /**
   * Where the next chunk of an export begins.
   *
   * @param section the index of the section
   * @param after the last row that was read; null at the start of the section
   */
  record ExportCursor(int section, @Nullable String after) {}

  /**
   * A chunk of an export.
   *
   * @param json a fragment of the JSON text; all fragments in order form one object
   * @param next where the next chunk begins; null for the last chunk
   */
  record ExportChunk(String json, @Nullable ExportCursor next) {}

  /**
   * Removes the player from their lobby, ends their sessions, deletes their data in every domain,
   * and deletes the player. Idempotent.
   */
  record Delete(PlayerId player) implements AccountCommand<Done> {}

  /**
   * Reads what happened to a player, the newest first, from the rows that the domains keep:
   * sign-ins, notifications, achievements, matches, and what admins did.
   *
   * @param cursor where the page before ended; empty for the first page
   * @param adminActions whether what admins did is wanted
   * @param max at most {@value #ENTRIES_MAX}
   */
  record ReadTimeline(PlayerId player, String cursor, boolean adminActions, int max)
      implements AccountCommand<TimelinePage> {
    public static final int ENTRIES_MAX = 100;
  }

  /**
   * A page of a timeline.
   *
   * @param next the cursor of the next page; empty for the last page
   */
  record TimelinePage(List<Timeline.Entry> entries, String next) {}
}
