package dev.rookery.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refusal;
import dev.rookery.base.SessionId;
import dev.rookery.session.CheckSessions.Answer;
import dev.rookery.testkit.ManualClock;
import dev.rookery.testkit.SeededIds;
import dev.rookery.testkit.TestBus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Authentication against a domain that treats every second session as ended. */
@ExtendWith(VertxExtension.class)
final class SessionsTest {
  private static final int MANY = 1_000;

  private final ManualClock clock = new ManualClock();
  private TestBus node;
  private final List<Integer> batchSizes = new CopyOnWriteArrayList<>();
  private Tokens tokens;
  private Sessions sessions;

  @BeforeEach
  void serve(Vertx vertx) {
    node = new TestBus(vertx);
    tokens = new Tokens(node.vertx(), "a secret for this test alone", clock, new SeededIds(1));
    sessions = new Sessions(node.vertx(), node.bus(), tokens, clock);
    node.bus().<CheckSessions>serve(CheckSessions.ADDRESS, this::check).await();
  }

  private Object check(CheckSessions command) {
    batchSizes.add(command.tokens().size());
    return command.tokens().stream().map(SessionsTest::answer).toList();
  }

  private static Answer answer(Tokens.AccessClaims tokens) {
    return tokens.player().value() % 2 == 0
        ? new CheckSessions.Open(new Session(tokens.session(), tokens.player(), false))
        : new CheckSessions.Closed(new Refusal.Denied("session_ended"));
  }

  private String token(int player) {
    return tokens.access(
        new TokenSubject(new SessionId("s" + player), new PlayerId(player), "", "", false));
  }

  @Test
  void checksConcurrentSessionsInBatches() {
    List<String> all = IntStream.range(0, MANY).mapToObj(this::token).toList();
    Promise<List<Future<Session>>> started = Promise.promise();
    node.vertx()
        .runOnContext(_ -> started.complete(all.stream().map(sessions::authenticate).toList()));
    List<Future<Session>> tokens = TestBus.await(started.future());
    TestBus.await(Future.join(tokens).otherwiseEmpty());

    for (int player = 0; player < MANY; player++) {
      if (player % 2 == 0) {
        assertThat(tokens.get(player).result().player()).isEqualTo(new PlayerId(player));
      } else {
        assertThat(TestBus.refusal(tokens.get(player)))
            .isEqualTo(new Refusal.Denied("session_ended"));
      }
    }
    // All in one iteration of the event loop: the first is sent at once, the others when its answer
    // is back.
    assertThat(batchSizes).first().isEqualTo(1);
    assertThat(batchSizes).hasSize(1 + (MANY - 1) / CheckSessions.BATCH_MAX + 1);
  }

  @Test
  void cachesResultUntilItExpiresOrSessionEnds() {
    TestBus.await(sessions.authenticate(token(2)));
    TestBus.await(sessions.authenticate(token(2)));
    assertThat(batchSizes).hasSize(1);

    clock.advance(Sessions.CACHE_TTL);
    TestBus.await(sessions.authenticate(token(2)));
    assertThat(batchSizes).hasSize(2);

    sessions.end(new SessionId("s2"));
    TestBus.await(sessions.authenticate(token(2)));
    assertThat(batchSizes).hasSize(3);
  }
}
