package dev.rookery.console;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Commands on the notes of admins about players. */
public sealed interface NoteCommand<R> extends Command<R> {
  String ADDRESS = "notes";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Adds a note. Invalid {@code content} if it is blank or longer than 2,000 characters; {@code
   * Missing("not_found")} if there is no such player; {@code Conflict("too_many_notes")} beyond 500
   * about a player.
   *
   * @param idempotencyKey 1 to 200 characters of the author's choice, or null
   */
  record Add(PlayerId player, PlayerId author, String text, @Nullable String idempotencyKey)
      implements NoteCommand<PlayerNote> {}

  /** Deletes a note about the player. {@code Missing("note_not_found")}. */
  record Delete(PlayerId player, long note) implements NoteCommand<Done> {}

  /**
   * The notes about a player, the newest first.
   *
   * @param before the id of the last note of the page before; null for the first page
   * @param max at most 100
   */
  record ListNotes(PlayerId player, @Nullable Long before, int max)
      implements NoteCommand<List<PlayerNote>> {}
}
