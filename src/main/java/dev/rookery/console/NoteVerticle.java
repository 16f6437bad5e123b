package dev.rookery.console;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.store.Database;
import dev.rookery.store.IdempotentCommand;
import dev.rookery.store.Transaction;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Serves the notes of admins about players, on virtual threads. */
public final class NoteVerticle extends VerticleBase {
  private static final int TEXT_MAX = 2_000;
  static final int NOTES_MAX = 500;
  private static final int LISTED_MAX = 101;

  private final Bus bus;
  private final Database database;
  private final NoteStore notes = new NoteStore();

  public NoteVerticle(Bus bus, Database database) {
    this.bus = bus;
    this.database = database;
  }

  @Override
  public Future<?> start() {
    return bus.<NoteCommand<?>>serve(NoteCommand.ADDRESS, this::handle);
  }

  private Object handle(NoteCommand<?> command) {
    return switch (command) {
      case NoteCommand.Add add -> add(add);
      case NoteCommand.Delete(var player, var note) ->
          database.write(
              tx -> {
                if (!notes.delete(tx, player, note)) {
                  throw Refused.missing("note_not_found");
                }
                return Done.DONE;
              });
      case NoteCommand.ListNotes(var player, var before, var max) ->
          notes.list(database, player, before, Math.min(max, LISTED_MAX));
    };
  }

  private PlayerNote add(NoteCommand.Add add) {
    if (add.text().isBlank()) {
      throw Refused.invalid("content", "can't be blank");
    }
    new FieldErrors().visibleLines("content", add.text(), TEXT_MAX).refuse();
    var idempotent = IdempotentCommand.of(add.author(), add.idempotencyKey(), "note.add");
    return database.write(
        tx -> IdempotentCommand.once(tx, idempotent, PlayerNote.class, () -> add(tx, add)));
  }

  private PlayerNote add(Transaction tx, NoteCommand.Add add) {
    PlayerNote added = notes.insert(tx, add).orElseThrow(() -> Refused.missing("not_found"));
    if (notes.count(tx, add.player()) > NOTES_MAX) {
      throw Refused.conflict("too_many_notes");
    }
    return added;
  }
}
