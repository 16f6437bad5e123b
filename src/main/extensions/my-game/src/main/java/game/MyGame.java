package game;

import dev.rookery.extension.ChannelHandler;
import dev.rookery.extension.ChannelJoin;
import dev.rookery.extension.ChannelMessage;
import dev.rookery.extension.Channels;
import dev.rookery.extension.Extension;
import dev.rookery.extension.ExtensionContext;
import dev.rookery.extension.HookRejectedException;
import dev.rookery.extension.LobbyDraft;
import dev.rookery.extension.RpcException;
import dev.rookery.extension.RpcFunction;
import java.util.Map;

/** The server side of the game: what it adds to the server, in one place. */
public final class MyGame implements Extension {
  /** What {@code greet} returns, as JSON. */
  public record Greeting(String text, long player) {}

  @Override
  public void start(ExtensionContext context) {
    int playersMax = context.config().getInteger("players_max", 8);
    context.beforeHooks().lobbyCreate(lobby -> limited(lobby, playersMax));
    context
        .functions()
        .add(
            RpcFunction.named("greet")
                .describedAs("Greets by name")
                .taking("name", String.class)
                .example("Ann")
                .handledBy(
                    call ->
                        new Greeting(
                            "Hello " + call.argument(0, String.class), call.caller().id())));
    // In UTC, and once in the whole cluster.
    context
        .schedules()
        .daily("new-day", 0, 0, run -> context.logger().info("a new day: {}", run.periodKey()));
    context.channels().serve("table:", new Table(context.channels()));
  }

  /** The channels {@code x:<extension>:table:<name>}: what a player says reaches all who joined. */
  private record Table(Channels channels) implements ChannelHandler {
    @Override
    public Object join(ChannelJoin join) {
      return Map.of("table", join.member().topic());
    }

    @Override
    public Object message(ChannelMessage message) {
      if (!message.event().equals("say")) {
        throw new RpcException("unknown_event");
      }
      channels.broadcast(message.member().topic(), "said", message.payload());
      return null;
    }
  }

  /** Refuses lobbies that are too large for this game. */
  private static LobbyDraft limited(LobbyDraft lobby, int playersMax) {
    Integer wanted = lobby.maxUsers();
    if (wanted != null && wanted > playersMax) {
      throw new HookRejectedException("too_many_players");
    }
    return wanted == null ? lobby.withMaxUsers(playersMax) : lobby;
  }
}
