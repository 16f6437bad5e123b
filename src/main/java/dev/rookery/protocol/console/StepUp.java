package dev.rookery.protocol.console;

import dev.rookery.bus.Bus;
import dev.rookery.console.Admin;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.console.Permission;
import io.vertx.core.Future;
import java.time.InstantSource;

/** Tells when an admin must give the second factor again, as actions of level 3 want it. */
final class StepUp {
  private final Bus bus;
  private final InstantSource clock;

  StepUp(Bus bus, InstantSource clock) {
    this.bus = bus;
    this.clock = clock;
  }

  /**
   * Returns whether it is needed. An admin who has no second factor need not give it, unless one is
   * required: then it is that of their identity provider.
   */
  Future<Boolean> isNeeded(Admin admin, Permission permission) {
    return !permission.needsStepUp() || admin.isSteppedUp(clock.millis())
        ? Future.succeededFuture(false)
        : bus.ask(new ConsoleCommand.FindFactor(admin.player()))
            .map(state -> state.confirmed() || state.required());
  }
}
