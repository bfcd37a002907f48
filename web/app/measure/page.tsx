import { MeasurePage } from '@/components/measure/measure-page';

export const metadata = {
  title: 'Measure on this device',
  description: 'Lets this phone or laptop measure networks in its browser.',
};

export default async function Measure({ searchParams }: PageProps<'/measure'>) {
  const { code } = await searchParams;
  return (
    <MeasurePage
      code={typeof code === 'string' ? code.slice(0, 40) : ''}
      assets={process.env.ONNXRUNTIME_WEB ?? ''}
    />
  );
}
