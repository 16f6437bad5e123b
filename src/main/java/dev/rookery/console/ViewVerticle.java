package dev.rookery.console;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Serves saved views, on virtual threads. */
public final class ViewVerticle extends VerticleBase {
  private static final int NAME_MAX = 60;
  private static final int VIEWS_MAX = 100;

  private final Bus bus;
  private final Database database;
  private final ViewStore views = new ViewStore();

  public ViewVerticle(Bus bus, Database database) {
    this.bus = bus;
    this.database = database;
  }

  @Override
  public Future<?> start() {
    return bus.<ViewCommand<?>>serve(ViewCommand.ADDRESS, this::handle);
  }

  private Object handle(ViewCommand<?> command) {
    return switch (command) {
      case ViewCommand.Save save -> save(save);
      case ViewCommand.Delete(var admin, var view) ->
          database.write(
              tx -> {
                if (!views.delete(tx, admin, view)) {
                  throw Refused.missing("view_not_found");
                }
                return Done.DONE;
              });
      case ViewCommand.ListViews(var admin, var list) -> views.list(database, admin, list);
    };
  }

  private SavedView save(ViewCommand.Save save) {
    if (save.name().isBlank()) {
      throw Refused.invalid("name", "can't be blank");
    }
    new FieldErrors().visibleLine("name", save.name(), NAME_MAX).refuse();
    return database.write(
        tx -> {
          SavedView saved = views.save(tx, save);
          if (views.count(tx, save.admin()) > VIEWS_MAX) {
            throw Refused.conflict("too_many_views");
          }
          return saved;
        });
  }
}
