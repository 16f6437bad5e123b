package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.matchmaking.MatchmakingCommand;
import dev.rookery.protocol.phoenix.ChannelReply;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Searches of channels that end at any time. */
final class MatchSearchTest {
  @Test
  void aSearchThatBeginsWhenTheChannelHasEndedIsCancelled() throws Exception {
    Promise<Void> begins = Promise.promise();
    List<String> cancelled = new CopyOnWriteArrayList<>();
    try (var bus = new TestBus()) {
      bus.deploy(
          new VerticleBase() {
            @Override
            public Future<?> start() {
              return bus.bus()
                  .<MatchmakingCommand<?>>serve(MatchmakingCommand.ADDRESS, this::answer);
            }

            private Object answer(MatchmakingCommand<?> command) {
              if (command instanceof MatchmakingCommand.CancelTicket(var ticket)) {
                return cancelled.add(ticket);
              }
              begins.future().await();
              return new MatchmakingCommand.CreatedTicket("a-ticket");
            }
          });
      var search = new MatchSearch(bus.bus(), new PlayerId(7), new SeededIds(7));
      Future<ChannelReply> found =
          search.find(JsonObject.of("mode", "duel", "region", "eu", "size", 2));
      search.end().await(120, TimeUnit.SECONDS);

      begins.complete();

      assertThat(found.await(120, TimeUnit.SECONDS).ok()).isTrue();
      assertThat(cancelled).containsExactly("a-ticket");
    }
  }

  @Test
  void aSearchThatCouldNotBeCancelledIsCancelledWhenTheChannelEnds() throws Exception {
    List<String> cancelled = new CopyOnWriteArrayList<>();
    try (var bus = new TestBus()) {
      bus.deploy(
          new VerticleBase() {
            @Override
            public Future<?> start() {
              return bus.bus()
                  .<MatchmakingCommand<?>>serve(MatchmakingCommand.ADDRESS, this::answer);
            }

            private Object answer(MatchmakingCommand<?> command) {
              if (!(command instanceof MatchmakingCommand.CancelTicket(var ticket))) {
                return new MatchmakingCommand.CreatedTicket("a-ticket");
              }
              cancelled.add(ticket);
              if (cancelled.size() == 1) {
                throw new Refused(new Refusal.Unavailable("store_unavailable"));
              }
              return true;
            }
          });
      var search = new MatchSearch(bus.bus(), new PlayerId(7), new SeededIds(7));
      search
          .find(JsonObject.of("mode", "duel", "region", "eu", "size", 2))
          .await(120, TimeUnit.SECONDS);
      assertThat(TestBus.refusal(search.cancel()).code()).isEqualTo("store_unavailable");

      search.end().await(120, TimeUnit.SECONDS);

      assertThat(cancelled).containsExactly("a-ticket", "a-ticket");
    }
  }
}
