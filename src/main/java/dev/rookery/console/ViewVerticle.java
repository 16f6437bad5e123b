package dev.rookery.console;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.regex.Pattern;

/** Serves saved views, on virtual threads. */
public final class ViewVerticle extends VerticleBase {
  private static final int NAME_MAX = 60;
  private static final int VIEWS_MAX = 100;
  private static final Pattern LIST = Pattern.compile("/admin/[a-z][a-z0-9/-]{0,80}");
  private static final int QUERY_MAX = 1_000;

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
      case ViewCommand.Change change -> change(change);
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

  private static void mustBeName(String name) {
    if (name.isBlank()) {
      throw Refused.invalid("name", "can't be blank");
    }
    new FieldErrors().visibleLine("name", name, NAME_MAX).refuse();
  }

  private SavedView change(ViewCommand.Change change) {
    String name = change.name();
    if (name != null) {
      mustBeName(name);
    }
    return database.write(
        tx -> {
          SavedView view =
              views
                  .find(tx, change.admin(), change.view())
                  .orElseThrow(() -> Refused.missing("view_not_found"));
          Boolean shared = change.shared();
          return views
              .change(
                  tx,
                  view,
                  name == null ? view.name() : name,
                  shared == null ? view.shared() : shared)
              .orElseThrow(() -> Refused.conflict("view_name_taken"));
        });
  }

  private SavedView save(ViewCommand.Save save) {
    mustBeName(save.name());
    if (!LIST.matcher(save.list()).matches()) {
      throw Refused.invalid("list", "is not a list of the console");
    }
    if (save.query().length() > QUERY_MAX) {
      throw Refused.invalid("query", "is too long");
    }
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
