package dev.rookery.edge;

import dev.rookery.base.PlayerId;
import dev.rookery.base.SessionId;
import dev.rookery.session.Session;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request of an admin that is answered as a player would get it: one GET of the API in place of
 * the request, without a token of the player. Routes that serve it carry out its commands in {@link
 * dev.rookery.bus.ReadOnlyScope}, so it changes nothing.
 */
public final class ViewAs {
  private static final String KEY = ViewAs.class.getName();
  private static final SessionId NO_SESSION = new SessionId("view-as");

  // Not the export of the player's data, because it counts as one that the player has requested.
  private static final Pattern PATHS =
      Pattern.compile("/api/v1(?!/admin\\b|/me/export\\b)(/[A-Za-z0-9_-]+)+(\\?[!-~]{0,300})?");

  private ViewAs() {}

  /** Whether it is a path of the API of players, with a query or without. */
  public static boolean isViewable(String pathAndQuery) {
    return PATHS.matcher(pathAndQuery).matches();
  }

  /** Answers the request with what the player would get at a path. */
  public static void reroute(RoutingContext context, PlayerId player, String pathAndQuery) {
    context.put(KEY, new Session(NO_SESSION, player, null));
    context.reroute(HttpMethod.GET, pathAndQuery);
  }

  /** The player as whom the request is answered, without a role; null for all other requests. */
  public static @Nullable Session session(RoutingContext context) {
    return context.get(KEY);
  }
}
