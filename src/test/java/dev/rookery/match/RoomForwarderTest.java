package dev.rookery.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.testkit.TestBus;
import dev.rookery.testkit.TestTraces;
import dev.rookery.trace.Span;
import dev.rookery.trace.Trace;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
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
    Trace trace =
        trace(
            () -> {
              Span span = Objects.requireNonNull(Span.current());
              Objects.requireNonNull(span.begin(Span.Kind.WRITE, "unit of work"))
                  .end(Span.Outcome.DONE);
              return Done.DONE;
            });

    assertThat(trace.parts())
        .extracting(part -> part.parent() + " " + part.kind() + " " + part.name())
        .containsExactly(
            "-1 FRAME TestTraces RoomForwarderTest.Forward",
            "0 COMMAND RoomForwarderTest.Forward",
            "1 REMOTE owner CloseRoom",
            "2 WRITE unit of work");
    assertThat(trace.parts()).allMatch(part -> part.outcome() == Span.Outcome.DONE);
  }

  @Test
  void tellsFailuresOfTheOwnerFromItsRefusals() {
    assertThat(outcomes(new Refused(new Refusal.Unavailable("busy"))))
        .containsOnly(Span.Outcome.FAILED);
    assertThat(outcomes(Refused.conflict("match_full"))).containsOnly(Span.Outcome.REFUSED);
  }

  private static List<Span.Outcome> outcomes(Refused refused) {
    return trace(
            () -> {
              throw refused;
            })
        .parts()
        .stream()
        .map(Trace.Part::outcome)
        .toList();
  }

  /** The trace of a frame with a command that another node carries out. */
  private static Trace trace(Supplier<Object> atOwner) {
    try (var own = new TestBus()) {
      var traces = new TestTraces(own.vertx());
      var here = new RoomForwarder(own.bus(), "here");
      var owner = new RoomForwarder(own.bus(), "owner");
      TestBus.await(here.listen((_, _) -> Done.DONE));
      TestBus.await(owner.listen((_, _) -> atOwner.get()));
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

      return traces.only();
    }
  }
}
