package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.bus.Command;
import dev.rookery.bus.ReadOnlyScope;
import dev.rookery.testkit.TestBus;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.junit.jupiter.api.Test;

final class ApiRequestTest {
  private record Look() implements Command<Boolean> {
    @Override
    public String address() {
      return "look";
    }
  }

  @Test
  void staysInTheScopeOfItsBusAfterItHasWaited() {
    try (var domains = new TestBus()) {
      domains.deploy(
          new VerticleBase() {
            @Override
            public Future<?> start() {
              return domains.bus().<Look>serve("look", _ -> ReadOnlyScope.isCurrent());
            }
          });
      var viewed = new ApiRequest(null, null, null, domains.bus().in(ReadOnlyScope.SCOPE), null);

      boolean first = TestBus.await(viewed.ask(new Look()));
      boolean later = TestBus.await(viewed.ask(new Look()).compose(_ -> viewed.ask(new Look())));

      assertThat(first).isTrue();
      assertThat(later).isTrue();
    }
  }
}
