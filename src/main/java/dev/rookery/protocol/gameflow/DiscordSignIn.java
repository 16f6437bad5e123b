package dev.rookery.protocol.gameflow;

import dev.rookery.auth.Client;
import dev.rookery.auth.LongSignIn;
import dev.rookery.player.Player;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Sign-in with a Discord token that the client got by itself. */
public interface DiscordSignIn {
  /**
   * The player of that Discord account, new if there was none. {@code
   * Denied("invalid_discord_token")} when Discord refuses the token.
   */
  Future<Signed> signIn(String discordToken, Client client);

  /** The id of the player's Discord account, if he has linked one. */
  Future<@Nullable String> idOf(Player player);

  /**
   * @param discord {@code id}, {@code username} and {@code avatar} as clients are shown them
   */
  record Signed(LongSignIn signIn, JsonObject discord) {}
}
