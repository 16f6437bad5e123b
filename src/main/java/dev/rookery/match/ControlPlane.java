package dev.rookery.match;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Set;

/** A service outside of this server that keeps the profiles of users (openturn contract, 6.6). */
@FunctionalInterface
public interface ControlPlane {
  /**
   * Sends a signed request. Any status is a success; fails if there is no complete answer in time.
   * May be called from any thread.
   *
   * @param path below the address of the service
   */
  Future<Reply> post(String path, JsonObject body);

  /**
   * An answer.
   *
   * @param body empty if it is no JSON object
   */
  record Reply(int status, JsonObject body) {
    private static final String FAILURE = "failure";
    private static final Set<Integer> PASSING_STATUSES = Set.of(401, 403, 408, 429);

    /** In place of an answer that did not come. */
    static Reply missing(Throwable failure) {
      return new Reply(0, JsonObject.of(FAILURE, failure.toString()));
    }

    /** Why it is not {@link #ok}, for logs. */
    String problem() {
      return status == 0 ? body.getString(FAILURE, "no answer") : "status " + status;
    }

    /**
     * Whether the request is refused for good. A wrong key, a request that took too long and too
     * many of them are not: the same request may be accepted later.
     */
    boolean refuses() {
      return status / 100 == 4 && !PASSING_STATUSES.contains(status);
    }

    boolean ok() {
      return status / 100 == 2;
    }
  }
}
