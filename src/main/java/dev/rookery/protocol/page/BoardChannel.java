package dev.rookery.protocol.page;

import dev.rookery.base.BoardId;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.leaderboard.BoardRef;
import dev.rookery.leaderboard.LeaderboardQuery;
import dev.rookery.protocol.page.BoardFollowers.BoardSubscription;
import dev.rookery.protocol.phoenix.Channel;
import dev.rookery.protocol.phoenix.ChannelConnection;
import dev.rookery.protocol.phoenix.ChannelReply;
import dev.rookery.protocol.phoenix.Frame;
import dev.rookery.protocol.phoenix.JoinRefusedException;
import dev.rookery.protocol.phoenix.Payload;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Tells the page of a board that its records have changed. */
final class BoardChannel implements Channel {
  private final Bus bus;
  private final BoardFollowers boards;
  private final BoardId board;
  private final ChangeNotice notice;
  private @Nullable BoardSubscription following;
  private @Nullable ChannelConnection connection;

  BoardChannel(String topic, Bus bus, BoardFollowers boards, BoardId board) {
    this.bus = bus;
    this.boards = boards;
    this.board = board;
    this.notice = new ChangeNotice(topic);
  }

  @Override
  public Future<JsonObject> join(Payload payload) {
    return bus.ask(new LeaderboardQuery.Find(BoardRef.of(board)))
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof Refused ? new JoinRefusedException("forbidden") : failure))
        .compose(_ -> follow())
        .map(
            started -> {
              following = started;
              return new JsonObject();
            });
  }

  private Future<BoardSubscription> follow() {
    Future<BoardSubscription> started = boards.follow(board, notice::send, this::lose);
    return started == null
        ? Future.failedFuture(new JoinRefusedException("too_many_boards"))
        : started;
  }

  private void lose() {
    if (connection != null) {
      connection.requireRejoin();
    }
  }

  @Override
  public void onJoined(ChannelConnection joined) {
    connection = joined;
    notice.begin(joined);
  }

  @Override
  public Future<ChannelReply> handle(Frame.Message message) {
    return Future.succeededFuture(ChannelReply.error(JsonObject.of("reason", "unknown_event")));
  }

  @Override
  public Future<?> onEnd() {
    connection = null;
    notice.end();
    if (following != null) {
      following.end();
    }
    return Future.succeededFuture();
  }
}
