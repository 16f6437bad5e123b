package dev.rookery.account;

import dev.rookery.auth.AuthCommand;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.player.Export;
import org.jspecify.annotations.Nullable;

/** What concerns a player in every domain at once. */
public sealed interface AccountCommand<R> extends Command<R> {
  String ADDRESS = "account";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** As {@link AuthCommand.Ban}, and brings the player out of the lobby he is in. */
  record Ban(PlayerId player, PlayerId by, String reason, @Nullable Long untilMs)
      implements AccountCommand<Done> {}

  /**
   * All that is kept of a player, as one JSON file in pieces: what domains tell of him under their
   * {@link Export sections}. {@code Limited("too_many_exports")} when asked for too often; {@code
   * Missing("not_found")}.
   *
   * @param from where the piece before ended; null to begin
   */
  record ExportData(PlayerId player, @Nullable ExportCursor from)
      implements AccountCommand<ExportChunk> {}

  /** How far an export has come. */
  record ExportCursor(int section, @Nullable String after) {}

  /**
   * @param next null for the last one
   */
  record ExportChunk(String json, @Nullable ExportCursor next) {}

  /** Brings the player out of all he is in, ends his sessions, and removes him. */
  record Delete(PlayerId player) implements AccountCommand<Done> {}
}
