import { Suspense, useState } from 'react';
import { Field, TextInput } from '../../ui/field.tsx';
import { lazyPart } from '../../ui/lazy-part.ts';

const FoundPlaces = lazyPart(() => import('./found-places.tsx'), 'FoundPlaces');

/** Finds a page by its name, and one of the doctor's causes by its words. */
export function PlaceSearch() {
  const [text, setText] = useState('');
  return (
    <div className="grid max-w-xl gap-3">
      <Field label="Search the pages and the doctor's causes">
        {(attributes) => (
          <TextInput
            {...attributes}
            type="search"
            value={text}
            maxLength={255}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <div role="status">
        {text.trim() !== '' && (
          <Suspense>
            <FoundPlaces text={text.trim()} />
          </Suspense>
        )}
      </div>
    </div>
  );
}
