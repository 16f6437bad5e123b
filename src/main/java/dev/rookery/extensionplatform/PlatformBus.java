package dev.rookery.extensionplatform;

import dev.rookery.base.Page;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import dev.rookery.extension.Platform;
import dev.rookery.extension.PlatformException;
import dev.rookery.extension.PlatformException.Kind;
import dev.rookery.extension.ResultPage;
import dev.rookery.extensionhost.CallDepth;
import dev.rookery.extensionhost.CallThreads;
import dev.rookery.trace.Span;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Sends the commands of one extension, and waits for their answers. */
final class PlatformBus {
  private static final int PAGE_SIZE_MAX = 100;

  private final Bus bus;
  private final Context context;
  private final String extension;

  /**
   * @param context on which answers arrive. It is none of the extension's, whose handlers may be
   *     waiting for them
   */
  PlatformBus(Bus bus, Context context, String extension) {
    this.bus = bus;
    this.context = context;
    this.extension = extension;
  }

  /**
   * @throws PlatformException if it is refused
   */
  <R> R ask(Command<R> command) {
    int depth = CallDepth.current();
    if (depth > Platform.DEPTH_MAX) {
      throw new PlatformException(Kind.CONFLICT, "hook_recursion", Map.of());
    }
    Promise<R> answer = Promise.promise();
    Span span = Span.current();
    context.runOnContext(
        _ -> Span.call(span, () -> CallDepth.at(depth, () -> bus.ask(command))).onComplete(answer));
    try {
      return CallThreads.whileWaiting(() -> answer.future().await());
    } catch (Refused refused) {
      throw exception(refused.refusal());
    }
  }

  /** As {@link #ask}, but null for what does not exist. */
  <R> @Nullable R find(Command<R> command) {
    try {
      return ask(command);
    } catch (PlatformException refused) {
      if (refused.kind() == Kind.NOT_FOUND) {
        return null;
      }
      throw refused;
    }
  }

  private static PlatformException exception(Refusal refusal) {
    Map<String, List<String>> fields =
        refusal instanceof Refusal.Invalid(_, var messages) ? messages : Map.of();
    Kind kind =
        switch (refusal) {
          case Refusal.Missing _ -> Kind.NOT_FOUND;
          case Refusal.Denied _ -> Kind.DENIED;
          case Refusal.Conflict _ -> Kind.CONFLICT;
          case Refusal.Invalid _ -> Kind.INVALID;
          case Refusal.Limited _ -> Kind.LIMITED;
          case Refusal.Unavailable _ -> Kind.UNAVAILABLE;
        };
    return new PlatformException(kind, refusal.code(), fields);
  }

  /** The key among those of all extensions and of the player's own clients. */
  @Nullable String key(@Nullable String idempotencyKey) {
    return idempotencyKey == null ? null : extension + ":" + idempotencyKey;
  }

  /**
   * @throws IllegalArgumentException for a page or size less than 1
   */
  static Page.Request page(int number, int size) {
    return new Page.Request(number, Math.min(size, PAGE_SIZE_MAX));
  }

  static <T, R> ResultPage<R> result(Page<T> page, Function<T, R> item) {
    return new ResultPage<>(
        page.items().stream().map(item).toList(), page.number(), page.size(), page.total());
  }
}
