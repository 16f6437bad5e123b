package game;

import dev.rookery.extension.Extension;
import dev.rookery.extension.ExtensionContext;
import dev.rookery.extension.HookRejectedException;
import dev.rookery.extension.LobbyDraft;
import dev.rookery.extension.RpcFunction;

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
