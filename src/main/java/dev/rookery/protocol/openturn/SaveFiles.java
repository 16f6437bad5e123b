package dev.rookery.protocol.openturn;

import dev.rookery.base.Ids;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.game.GameInfo;
import dev.rookery.match.MatchCommand;
import dev.rookery.match.SaveCommand;
import dev.rookery.match.SaveCommand.CapturedMatch;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/**
 * Saves matches as the encrypted files of the contract (5). They are encrypted and decrypted away
 * from the event loops.
 */
final class SaveFiles {
  private static final String PATH = "/api/dev/saves/";
  private static final int KEY_ID = 1;

  private final Bus bus;
  private final Ids ids;
  private final InstantSource clock;
  private final String secret;

  SaveFiles(Bus bus, Ids ids, InstantSource clock, OpenturnSettings settings) {
    this.bus = bus;
    this.ids = ids;
    this.clock = clock;
    this.secret = settings.tokenSecret();
  }

  /** Where a save is downloaded. */
  static String url(String id) {
    return PATH + id;
  }

  /** Why a match was not saved, for the client. */
  static String reason(Throwable cause) {
    if (!(cause instanceof Refused refused)) {
      Responses.LOG.error("a match could not be saved", cause);
      return "save_failed";
    }
    return refused.refusal() instanceof Refusal.Invalid
        ? "save_too_large"
        : refused.refusal().code();
  }

  /**
   * Saves a match as it is now and returns the id of the save.
   *
   * @param user whose save it is
   * @param savedBy the player who asked
   */
  Future<String> save(String room, String user, String savedBy) {
    return bus.ask(new SaveCommand.Capture(room))
        .compose(
            match ->
                store(
                    user,
                    match.gameKey(),
                    match.gameVersion(),
                    () -> SavePayload.of(match, clock.millis(), savedBy)));
  }

  /** Saves a match that a client ran by itself; its log is verified when a room is opened. */
  Future<String> saveLocal(GameInfo game, String user, JsonObject body) {
    return store(
        user,
        game.gameKey(),
        game.deploymentVersion(),
        () ->
            body.copy()
                .mergeIn(
                    SavePayload.head(
                        game.gameKey(),
                        game.deploymentVersion(),
                        game.schemaVersion(),
                        clock.millis(),
                        user))
                .put("roomIDOrigin", "local"));
  }

  private Future<String> store(
      String user, String gameKey, String version, Callable<JsonObject> payload) {
    byte[] nonce = Base64.getUrlDecoder().decode(ids.token(SaveEnvelope.NONCE_BYTES));
    return apart(() -> SaveEnvelope.encode(payload.call(), secret, KEY_ID, nonce))
        .compose(content -> bus.ask(new SaveCommand.StoreSave(user, gameKey, version, content)));
  }

  /**
   * Stores a file of a client, of any game; fails with {@link SaveDecodeException} if it is none.
   */
  Future<String> upload(String user, byte[] content) {
    return bus.ask(new MatchCommand.ListVersions())
        .compose(versions -> apart(() -> decode(content, versions)))
        .compose(
            payload ->
                bus.ask(
                    new SaveCommand.StoreSave(
                        user,
                        payload.getValue("gameKey") instanceof String gameKey ? gameKey : "",
                        payload.getString("deploymentVersion"),
                        content)));
  }

  /** The file does not say of which version it is: its key is the one that fits. */
  private JsonObject decode(byte[] content, List<String> versions) throws SaveDecodeException {
    SaveDecodeException failure = null;
    for (String version : versions) {
      try {
        return SaveEnvelope.decode(content, secret, version);
      } catch (SaveDecodeException unreadable) {
        if (unreadable.code() != SaveDecodeException.Code.AUTH) {
          throw unreadable;
        }
        failure = unreadable;
      }
    }
    throw Objects.requireNonNull(failure);
  }

  /** The content of a save; fails with {@link SaveDecodeException} if it cannot be read. */
  Future<JsonObject> decode(byte[] content, String version) {
    return apart(() -> SaveEnvelope.decode(content, secret, version));
  }

  /** The match in a save, for a room that goes on with it. */
  Future<CapturedMatch> match(byte[] content, String version) {
    return apart(
        () -> {
          CapturedMatch match = SavePayload.match(SaveEnvelope.decode(content, secret, version));
          if (match == null) {
            throw new SaveDecodeException(SaveDecodeException.Code.PAYLOAD);
          }
          return match;
        });
  }

  private static <T> Future<T> apart(Callable<T> work) {
    Context context = Objects.requireNonNull(Vertx.currentContext());
    return context.executeBlocking(work, false);
  }
}
