/** A user of the demo data, whose password is published: what throw-away sign-ins use. */
export const demoUser = { uid: 'niko', password: '123niko' };
