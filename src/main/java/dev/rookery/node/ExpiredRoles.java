package dev.rookery.node;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.console.Actor;
import dev.rookery.console.AuditedChange;
import dev.rookery.console.ConsoleCommand;
import dev.rookery.player.PlayerCommand;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is stored of roles whose time is over, so that players and lists show it. The roles
 * have no effect since then: each check of a permission compares the time itself.
 */
final class ExpiredRoles {
  private static final Logger LOG = LoggerFactory.getLogger(ExpiredRoles.class);

  private final Bus bus;

  ExpiredRoles(Bus bus) {
    this.bus = bus;
  }

  /** Removes at most 500 of them; called on a thread that may block. */
  void end() {
    for (PlayerId player : bus.ask(new ConsoleCommand.ListExpiredGrants()).await()) {
      var change = new AuditedChange(Actor.system(), "role_expired", "admins/" + player, Map.of());
      try {
        bus.ask(new PlayerCommand.EndExpiredRole(player), change).await();
      } catch (Refused refused) {
        LOG.debug("the role of player {} is not removed yet: {}", player, refused.refusal());
      }
    }
  }
}
