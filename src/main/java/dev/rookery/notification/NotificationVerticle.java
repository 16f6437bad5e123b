package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.player.Export;
import dev.rookery.store.Database;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/** Serves the commands of notifications, on virtual threads. */
public final class NotificationVerticle extends VerticleBase {
  private static final int LISTED_MAX = 1_000;

  private final Bus bus;
  private final Database database;
  private final NotificationStore store = new NotificationStore();

  public NotificationVerticle(Bus bus, Database database) {
    this.bus = bus;
    this.database = database;
  }

  @Override
  public Future<?> start() {
    var exports = new ExportStore();
    return Future.all(
        bus.<NotificationCommand<?>>serve(NotificationCommand.ADDRESS, this::handle),
        bus.<Export>serve(
            Export.address("notifications"), export -> exports.received(database, export)),
        bus.<Export>serve(
            Export.address("notifications_sent"), export -> exports.sent(database, export)));
  }

  private Object handle(NotificationCommand<?> command) {
    return switch (command) {
      case NotificationCommand.ListStored(var recipient) ->
          store.list(database, recipient, LISTED_MAX);
      case NotificationCommand.ListPage(var recipient, var page) ->
          store.page(database, recipient, page);
      case NotificationCommand.MarkRead(var recipient, var notification) ->
          database.write(
              tx ->
                  store
                      .markRead(tx, recipient, notification)
                      .orElseThrow(() -> Refused.missing("not_found")));
      case NotificationCommand.Delete(var recipient, var notifications) ->
          database.write(tx -> store.delete(tx, recipient, notifications));
      case NotificationCommand.Forget(var player) -> forget(player);
    };
  }

  private Done forget(PlayerId player) {
    return database.write(
        tx -> {
          store.forget(tx, player);
          return Done.DONE;
        });
  }
}
