package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestTraces;
import dev.rookery.trace.Span;
import dev.rookery.trace.Trace;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class RoomForwarderTest {
  private record Forward() implements Command<Done> {
    @Override
    public String address() {
      return "forwards";
    }
  }

  @Test
  void tracesWhatTheOwnerDoes() {
    try (var own = new TestBus()) {
      var traces = new TestTraces(own.vertx());
      var here = new RoomForwarder(own.bus(), "here");
      var owner = new RoomForwarder(own.bus(), "owner");
      TestBus.await(here.listen((_, _) -> Done.DONE));
      TestBus.await(
          owner.listen(
              (_, _) -> {
                Span span = Objects.requireNonNull(Span.current());
                Objects.requireNonNull(span.begin(Span.Kind.WRITE, "unit of work"))
                    .end(Span.Outcome.DONE);
                return Done.DONE;
              }));
      own.deploy(
          new VerticleBase() {
            @Override
            public Future<?> start() {
              return own.bus()
                  .<Forward>serve(
                      "forwards",
                      _ -> here.ask("owner", new MatchCommand.CloseRoom("room", "ann"), null));
            }
          });

      traces.deliver(() -> own.bus().ask(new Forward()));

      Trace trace = traces.only();
      assertThat(trace.parts())
          .extracting(part -> part.parent() + " " + part.kind() + " " + part.name())
          .containsExactly(
              "-1 FRAME TestTraces RoomForwarderTest.Forward",
              "0 COMMAND RoomForwarderTest.Forward",
              "1 REMOTE owner CloseRoom",
              "2 WRITE unit of work");
      assertThat(trace.parts()).allMatch(part -> part.outcome() == Span.Outcome.DONE);
    }
  }
}
