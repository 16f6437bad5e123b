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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who is behind a token, asked of a domain that knows every second session as ended. */
final class SessionsTest {
  private static final int MANY = 1_000;

  private final ManualClock clock = new ManualClock();
  private final TestBus node = new TestBus();
  private final List<Integer> questions = new CopyOnWriteArrayList<>();
  private Tokens tokens;
  private Sessions sessions;

  @BeforeEach
  void serve() {
    tokens = new Tokens(node.vertx(), "a secret for this test alone", clock, new SeededIds(1));
    sessions = new Sessions(node.vertx(), node.bus(), tokens, clock);
    node.bus().<CheckSessions>serve(CheckSessions.ADDRESS, this::check).await();
  }

  @AfterEach
  void close() {
    node.close();
  }

  private Object check(CheckSessions command) {
    questions.add(command.asked().size());
    return command.asked().stream().map(SessionsTest::answer).toList();
  }

  private static Answer answer(Tokens.AccessClaims asked) {
    return asked.player().value() % 2 == 0
        ? new CheckSessions.Open(new Session(asked.session(), asked.player(), false))
        : new CheckSessions.Closed(new Refusal.Denied("session_ended"));
  }

  private String token(int player) {
    return tokens.access(
        new TokenSubject(new SessionId("s" + player), new PlayerId(player), "", "", false));
  }

  @Test
  void thoseWhoComeTogetherAreAskedForTogetherAndAnsweredEach() {
    List<String> all = IntStream.range(0, MANY).mapToObj(this::token).toList();
    Promise<List<Future<Session>>> asking = Promise.promise();
    node.vertx()
        .runOnContext(_ -> asking.complete(all.stream().map(sessions::authenticate).toList()));
    List<Future<Session>> asked = TestBus.await(asking.future());
    TestBus.await(Future.join(asked).otherwiseEmpty());

    for (int player = 0; player < MANY; player++) {
      if (player % 2 == 0) {
        assertThat(asked.get(player).result().player()).isEqualTo(new PlayerId(player));
      } else {
        assertThat(TestBus.refusal(asked.get(player)))
            .isEqualTo(new Refusal.Denied("session_ended"));
      }
    }
    // In one turn of the loop: the first at once, the others when its answer is back.
    assertThat(questions).first().isEqualTo(1);
    assertThat(questions).hasSize(1 + (MANY - 1) / CheckSessions.MANY_MAX + 1);
  }

  @Test
  void anAnswerIsBelievedForAMomentAndNotWhenItEnded() {
    TestBus.await(sessions.authenticate(token(2)));
    TestBus.await(sessions.authenticate(token(2)));
    assertThat(questions).hasSize(1);

    clock.advance(Sessions.FRESH_FOR);
    TestBus.await(sessions.authenticate(token(2)));
    assertThat(questions).hasSize(2);

    sessions.end(new SessionId("s2"));
    TestBus.await(sessions.authenticate(token(2)));
    assertThat(questions).hasSize(3);
  }
}
