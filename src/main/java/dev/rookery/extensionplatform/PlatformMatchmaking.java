package dev.rookery.extensionplatform;

import dev.rookery.base.PlayerId;
import dev.rookery.extension.MatchSearch;
import dev.rookery.extension.Matchmaking;
import dev.rookery.matchmaking.Criteria;
import dev.rookery.matchmaking.MatchmakingCommand;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@link Matchmaking} by commands. */
final class PlatformMatchmaking implements Matchmaking {
  private final PlatformBus bus;

  PlatformMatchmaking(PlatformBus bus) {
    this.bus = bus;
  }

  @Override
  public String search(long userId, String mode, String region, int size) {
    var search =
        new MatchmakingCommand.Search(new PlayerId(userId), new Criteria(mode, region, size));
    return bus.ask(search).ticket();
  }

  @Override
  public boolean cancel(String ticket) {
    return bus.ask(new MatchmakingCommand.CancelTicket(ticket));
  }

  @Override
  public @Nullable MatchSearch find(long userId) {
    var found = bus.find(new MatchmakingCommand.ExplainTicket(new PlayerId(userId)));
    return found == null
        ? null
        : new MatchSearch(
            found.ticket(), Duration.ofMillis(found.waitedMs()), found.found(), found.needed());
  }
}
