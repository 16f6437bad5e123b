package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.SessionId;
import dev.rookery.bus.Done;
import dev.rookery.presence.PresenceCommand;
import dev.rookery.protocol.phoenix.Payload;
import dev.rookery.session.Session;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestFanOut;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

final class UserChannelTest {
  private static final PlayerId ANN = new PlayerId(7);

  @Test
  void playerWhoseArrivalIsAnsweredTooLateDoesNotStayOnline() {
    List<PresenceCommand<?>> sent = new CopyOnWriteArrayList<>();
    try (var bus = new TestBus()) {
      bus.deploy(
          new VerticleBase() {
            @Override
            public Future<?> start() {
              return bus.bus().<PresenceCommand<?>>serve(PresenceCommand.ADDRESS, this::answer);
            }

            private Object answer(PresenceCommand<?> command) {
              sent.add(command);
              if (command instanceof PresenceCommand.Arrive) {
                throw new Refused(new Refusal.Unavailable("timeout"));
              }
              return Done.DONE;
            }
          });
      var channel =
          new UserChannel(
              "user:" + ANN,
              new Session(new SessionId("a-session"), ANN, false),
              null,
              bus.bus(),
              TestFanOut.on(bus),
              null,
              null,
              null,
              new SeededIds(7));
      Promise<JsonObject> joined = Promise.promise();
      bus.vertx().runOnContext(_ -> channel.join(Payload.EMPTY).onComplete(joined));
      assertThat(TestBus.refusal(joined.future()).code()).isEqualTo("timeout");

      Eventually.holds(() -> sent.size() == 2);
      assertThat(sent.getFirst()).isInstanceOf(PresenceCommand.Arrive.class);
      String join = ((PresenceCommand.Arrive) sent.getFirst()).connection();
      assertThat(sent.getLast()).isEqualTo(new PresenceCommand.Depart(ANN, join, false));
    }
  }
}
