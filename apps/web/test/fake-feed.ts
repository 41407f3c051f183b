import type { EndpointKey, Player, Post, ProblemCode, User } from '@signet/contracts';

type Call = { params: Record<string, string>; query: URLSearchParams; body: Record<string, unknown> };
type Answers = {
  page: (items: readonly unknown[], query: URLSearchParams) => Response;
  problem: (code: ProblemCode, detail?: string) => Response;
};
type FeedKey = Extract<EndpointKey, `${string}${'Post' | 'Player'}${string}`>;

/** The fake API's posts, images and players. */
export function createFakeFeed({ page, problem }: Answers) {
  const posts: Post[] = [];
  const players: Player[] = [];
  const images = new Map<string, Blob>();
  const noContent = () => new Response(null, { status: 204 });

  /** Returns an invented id, as long as a real one. */
  const keep = (image: unknown) => {
    if (!(image instanceof Blob)) return null;
    const id = String(images.size + 1).padStart(64, '0');
    images.set(id, image);
    return id;
  };
  /** Its bytes are no real ones, so that its size is invented, too. */
  const keepSized = (image: unknown) => {
    const id = keep(image);
    return { image: id, image_width: id === null ? null : 1200, image_height: id === null ? null : 600 };
  };
  const addPost = (author: User, note: string, image?: Blob): Post => {
    const id = Math.max(0, ...posts.map((post) => post.id)) + 1;
    const at = '2026-01-31T12:00:00.000Z';
    const { uid, name } = author;
    const post = {
      id,
      note,
      ...keepSized(image),
      user_id: author.id,
      author: { uid, name },
      created_at: at,
      updated_at: at,
    };
    posts.unshift(post);
    return post;
  };
  const addPlayer = (name: string, uid: string, tokens: number): Player => {
    const player = { id: players.length + 1, name, uid, tokens };
    players.push(player);
    return player;
  };
  const findPost = ({ params }: Call) => posts.find(({ id }) => id === Number(params.id));
  const mayChange = (me: User, post: Post) => me.role === 'admin' || me.id === post.user_id;
  const byTokens = () => [...players].sort((a, b) => b.tokens - a.tokens);

  const answers: Record<FeedKey, (me: User, call: Call) => Response> = {
    listPosts: (_, { query }) => page(posts, query),
    createPost: (me, { body }) => {
      const post = addPost(me, String(body.note), body.image instanceof Blob ? body.image : undefined);
      return Response.json(post, { status: 201 });
    },
    readPost: (_, call) => {
      const post = findPost(call);
      return post ? Response.json(post) : problem('not_found');
    },
    updatePost: (me, call) => {
      const post = findPost(call);
      if (!post) return problem('not_found');
      if (!mayChange(me, post)) return problem('forbidden');
      const { note, image } = call.body;
      Object.assign(post, note !== undefined && { note }, image !== undefined && keepSized(image));
      post.updated_at = '2026-01-31T13:00:00.000Z';
      return Response.json(post);
    },
    deletePost: (me, call) => {
      const post = findPost(call);
      if (!post) return problem('not_found');
      if (!mayChange(me, post)) return problem('forbidden');
      posts.splice(posts.indexOf(post), 1);
      return noContent();
    },
    readPostImage: (_, call) => {
      const image = images.get(findPost(call)?.image ?? '');
      return image ? new Response(image, { headers: { 'content-type': image.type } }) : problem('not_found');
    },
    listPlayers: (_, { query }) => page(byTokens(), query),
    createPlayer: (me, { body }) => {
      if (me.role !== 'admin') return problem('forbidden');
      if (players.some(({ uid }) => uid === body.uid)) return problem('uid_taken', 'This user id is taken');
      return Response.json(addPlayer(String(body.name), String(body.uid), Number(body.tokens)), {
        status: 201,
      });
    },
    readPlayer: (_, { params }) => {
      const player = players.find(({ id }) => id === Number(params.id));
      return player ? Response.json(player) : problem('not_found');
    },
    updatePlayer: (me, { params, body }) => {
      const player = players.find(({ id }) => id === Number(params.id));
      if (me.role !== 'admin') return problem('forbidden');
      if (!player) return problem('not_found');
      const { name, uid, tokens } = body;
      Object.assign(
        player,
        name !== undefined && { name },
        uid !== undefined && { uid },
        tokens !== undefined && { tokens },
      );
      return Response.json(player);
    },
    deletePlayer: (me, { params }) => {
      const index = players.findIndex(({ id }) => id === Number(params.id));
      if (me.role !== 'admin') return problem('forbidden');
      if (index < 0) return problem('not_found');
      players.splice(index, 1);
      return noContent();
    },
  };

  return { posts, players, addPost, addPlayer, answers };
}
