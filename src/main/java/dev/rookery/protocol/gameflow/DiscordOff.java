package dev.rookery.protocol.gameflow;

import dev.rookery.auth.Client;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.player.Player;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Where Discord is not asked: nobody can sign in with it. */
public final class DiscordOff implements DiscordSignIn {
  @Override
  public Future<Signed> signIn(String discordToken, Client client) {
    return Future.failedFuture(new Refused(new Refusal.Unavailable("discord_off")));
  }

  @Override
  public Future<@Nullable String> idOf(Player player) {
    return Future.succeededFuture();
  }
}
