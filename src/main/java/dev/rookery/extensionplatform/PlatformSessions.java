package dev.rookery.extensionplatform;

import dev.rookery.auth.AuthCommand;
import dev.rookery.auth.OpenSession;
import dev.rookery.base.PlayerId;
import dev.rookery.extension.ResultPage;
import dev.rookery.extension.Session;
import dev.rookery.extension.Sessions;
import java.time.Instant;

/** {@link Sessions} by commands. */
final class PlatformSessions implements Sessions {
  private final PlatformBus bus;

  PlatformSessions(PlatformBus bus) {
    this.bus = bus;
  }

  @Override
  public ResultPage<Session> list(long userId, int page, int pageSize) {
    var list = new AuthCommand.ListSessions(new PlayerId(userId), PlatformBus.page(page, pageSize));
    return PlatformBus.result(bus.ask(list), PlatformSessions::session);
  }

  @Override
  public void end(long userId, long number) {
    bus.ask(new AuthCommand.EndSession(number, new PlayerId(userId)));
  }

  @Override
  public void endAll(long userId) {
    bus.ask(new AuthCommand.SignOutAll(new PlayerId(userId), null));
  }

  private static Session session(OpenSession open) {
    return new Session(
        open.number(),
        open.player().value(),
        open.kind(),
        open.address(),
        open.userAgent(),
        Instant.ofEpochMilli(open.createdMs()),
        Instant.ofEpochMilli(open.usedMs()),
        Instant.ofEpochMilli(open.expiresMs()));
  }
}
