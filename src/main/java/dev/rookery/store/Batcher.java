package dev.rookery.store;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Questions that wait at the same time go to the database as one. The first goes at once; whatever
 * comes while it is under way gathers, and goes together when the answer is back. A busy node so
 * asks less often the more it is asked, and an idle one waits for nobody.
 *
 * <p>An answer is never older than its question. When the work fails, it fails for all who went
 * together, so it must decide about each by its answer and not by throwing.
 */
public final class Batcher<Q, A> {
  private static final int WAITING_MAX = 20_000;

  private final Context context;
  private final Function<List<Q>, List<A>> work;
  private final int togetherMax;
  private final ArrayDeque<Waiting<Q, A>> waiting = new ArrayDeque<>();
  private boolean underWay;

  /**
   * @param context of a verticle on virtual threads, where the work is done
   * @param work from questions to as many answers, in their order
   */
  public Batcher(Context context, int togetherMax, Function<List<Q>, List<A>> work) {
    this.context = context;
    this.togetherMax = togetherMax;
    this.work = work;
  }

  /** Parks the calling virtual thread until the answer is there. */
  public A ask(Q question) {
    var mine = new Waiting<Q, A>(question, Promise.promise());
    boolean first;
    synchronized (waiting) {
      if (waiting.size() >= WAITING_MAX) {
        throw new Refused(new Refusal.Unavailable("busy"));
      }
      waiting.add(mine);
      first = !underWay;
      underWay = true;
    }
    if (first) {
      context.runOnContext(_ -> go());
    }
    return mine.answer.future().await();
  }

  private void go() {
    List<Waiting<Q, A>> gathered = gather();
    try {
      List<A> answers = work.apply(gathered.stream().map(Waiting::question).toList());
      for (int i = 0; i < gathered.size(); i++) {
        gathered.get(i).answer.complete(answers.get(i));
      }
    } catch (RuntimeException | Error failed) {
      gathered.forEach(one -> one.answer.tryFail(failed));
    }
    synchronized (waiting) {
      underWay = !waiting.isEmpty();
      if (!underWay) {
        return;
      }
    }
    context.runOnContext(_ -> go());
  }

  private List<Waiting<Q, A>> gather() {
    synchronized (waiting) {
      var gathered = new ArrayList<Waiting<Q, A>>(Math.min(togetherMax, waiting.size()));
      while (!waiting.isEmpty() && gathered.size() < togetherMax) {
        gathered.add(waiting.poll());
      }
      return gathered;
    }
  }

  private record Waiting<Q, A>(Q question, Promise<A> answer) {}
}
