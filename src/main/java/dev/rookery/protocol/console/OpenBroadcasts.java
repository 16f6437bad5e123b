package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.Permission;
import dev.rookery.notification.Broadcast;
import dev.rookery.notification.BroadcastCommand;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;

/**
 * Shows broadcasts that begin within minutes or are being sent on every page of the console, so
 * that an admin who sees a mistake can cancel from wherever they are.
 */
final class OpenBroadcasts {
  static final String MODEL = "pending";
  private static final long SOON_MS = 600_000;
  private static final int SHOWN_MAX = 3;

  private final Bus bus;
  private final InstantSource clock;

  OpenBroadcasts(Bus bus, InstantSource clock) {
    this.bus = bus;
    this.clock = clock;
  }

  /** What waits, with the path of the action that ends it. */
  record Pending(String text, String href, String cancel) {}

  Future<ConsoleView> addTo(ConsoleRequest request, ConsoleView view) {
    if (!(view instanceof ConsoleView.Render(var status, var template, var title, var model))
        || request.part() != null
        || !request.may(Permission.NOTIFICATIONS_SEND)) {
      return Future.succeededFuture(view);
    }
    return bus.ask(new BroadcastCommand.ListOpen())
        .map(this::pending)
        // The page is of more use without them than not at all.
        .otherwise(List.of())
        .map(
            pending -> {
              var more = new HashMap<>(model);
              more.put(MODEL, pending);
              return new ConsoleView.Render(status, template, title, more);
            });
  }

  private List<Pending> pending(List<Broadcast> open) {
    long now = clock.millis();
    return open.stream()
        .filter(one -> one.startsMs() < now + SOON_MS)
        .limit(SHOWN_MAX)
        .map(
            one ->
                new Pending(
                    (one.startsMs() > now
                            ? "A notification will be sent to "
                            : "A notification is being sent to ")
                        + BroadcastPages.audience(one.audience(), one.counts().total())
                        + ": “"
                        + one.title()
                        + "”",
                    BroadcastPages.path(one.id()),
                    BroadcastPages.path(one.id()) + "/cancel"))
        .toList();
  }
}
