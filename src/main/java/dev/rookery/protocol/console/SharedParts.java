package dev.rookery.protocol.console;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rookery.console.RoleTemplate;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Parts of pages that many browsers load at the same time, because a live region has told all of
 * them of the same change. A part is read and rendered once for all who have the same role and name
 * the same version of it, however many they are; it is as new as that version. Only for pages that
 * show the same to all admins with a role.
 *
 * <p>At most {@value #PARTS_MAX} parts are kept, for some seconds after they were asked for. One
 * instance serves all event loops.
 */
final class SharedParts {
  /** The header with the version of the part that the live region has told of. */
  static final String VERSION = "x-part-version";

  private static final int PARTS_MAX = 200;
  private static final int VERSION_MAX = 100;
  private static final Duration KEPT = Duration.ofSeconds(10);

  /** What decides about the text of a part. */
  record Key(String uri, String part, String version, RoleTemplate role) {}

  /**
   * A part as it was rendered.
   *
   * @param text in which the token of forms is a placeholder
   */
  record Part(int status, String text) {}

  private final Cache<Key, Future<Part>> parts =
      Caffeine.newBuilder()
          .executor(Runnable::run)
          .maximumSize(PARTS_MAX)
          .expireAfterWrite(KEPT)
          .build();

  /** What the request asks for, if that may be shared; null if not. */
  static @Nullable Key key(ConsoleRequest request) {
    String part = request.part();
    String version = request.context().request().getHeader(VERSION);
    return part == null || version == null || version.length() > VERSION_MAX
        ? null
        : new Key(request.uri(), part, version, request.admin().role());
  }

  /**
   * Returns the part, which is rendered unless it was already, or is being. A failure reaches all
   * who wait, and is not kept.
   *
   * @param here where the result is delivered
   */
  Future<Part> find(Key key, Context here, Supplier<Future<Part>> render) {
    Promise<Part> made = Promise.promise();
    Future<Part> known = parts.asMap().putIfAbsent(key, made.future());
    if (known == null) {
      // A render that throws fails, so that nobody waits for it.
      Future.succeededFuture()
          .compose(_ -> render.get())
          .onSuccess(made::complete)
          .onFailure(
              failure -> {
                parts.asMap().remove(key, made.future());
                made.fail(failure);
              });
    }
    Promise<Part> delivered = Promise.promise();
    (known == null ? made.future() : known)
        .onComplete(
            found ->
                here.runOnContext(
                    _ -> {
                      if (found.succeeded()) {
                        delivered.complete(found.result());
                      } else {
                        delivered.fail(found.cause());
                      }
                    }));
    return delivered.future();
  }
}
